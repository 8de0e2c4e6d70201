import { invitePerson } from '@hirundo/contract'
import { realWorld } from '@hirundo/base'
import { texts } from '@hirundo/contract/catalogues/web/en'
import type { Administrator } from '../constellation/administrator.ts'
import { answerOf } from '../constellation/node-process.ts'
import { totpCode } from '../constellation/totp.ts'
import { axeFaults } from './axe.ts'
import type { Page } from './chromium.ts'
import { layoutFaults } from './layout.ts'
import { settled } from './pages.ts'
import type { Reader, Stage } from './stage.ts'

const TOTP_STEP_MS = 30_000
const BUTTON_MS_MAX = 2000

/** A security key inside the browser that always says yes (WebAuthn automation of the DevTools protocol). */
async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', { options: {
    protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
  } })
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const arrived = async (page: Page, path: string): Promise<void> => {
  await page.waitForURL((url) => url.pathname === path)
  await settled(page)
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: texts['shell.menu_you'] }).click()
  await press(page, texts['shell.sign_out'])
  await arrived(page, '/sign-in')
}

/** An analyst comes by an invitation, makes a passkey, signs out and in again; what is not theirs stays closed. */
export async function checkInvitation(stage: Stage, reader: Reader): Promise<string[]> {
  const { client } = await stage.administrator()
  const person = { sign_in_name: 'analyst@example.org', name: 'Ana Lyst', role: 'analyst' } as const
  const { invitation } = answerOf(await client.call(invitePerson, { body: person }))
  const { pathname, hash } = new URL(invitation.link)
  const page = await reader.profile.newPage()
  await addAuthenticator(page)
  await page.goto(pathname + hash)
  await settled(page)
  await press(page, texts['people.invitation_begin'])
  await arrived(page, '/enrol')
  const faults = [...await axeFaults(page), ...await layoutFaults(page)].map((fault) => `/enrol: ${fault}`)
  if (page.url().includes('#')) faults.push('the secret of the link stays in the address')
  await press(page, texts['people.passkey_make'])
  await arrived(page, '/observe')
  await signOut(page)
  // A browser that offers the passkey by itself may be faster than the button.
  await page.getByRole('button', { name: texts['people.sign_in_passkey'], exact: true }).click({ timeout: BUTTON_MS_MAX }).catch(() => undefined)
  await arrived(page, '/observe')
  if (!(await page.locator('header').first().innerText()).includes(person.name)) faults.push('the page does not show who signed in')
  const open = await page.locator('nav.rail a.rail-link').evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).pathname))
  for (const path of ['/node/people', '/node/tokens', '/node/settings']) {
    if (open.includes(path)) faults.push(`an analyst is offered ${path}`)
    await page.goto(path)
    await settled(page)
    if (!(await page.locator('h1').innerText()).includes(texts['shell.forbidden'])) faults.push(`${path} opens for an analyst`)
  }
  await page.close()
  return [...faults, ...reader.watch.take().map(({ what, text }) => `${what}: ${text}`)]
}

/** Password and code by keyboard alone, from a page that needed them and back to it; a wrong password says so. */
export async function checkPassword(reader: Reader, who: Administrator): Promise<string[]> {
  const faults: string[] = []
  const page = await reader.profile.newPage()
  await page.goto('/observe/sensors')
  await arrived(page, '/sign-in')
  const fill = async (label: string, value: string): Promise<void> => {
    await page.getByLabel(label, { exact: true }).focus()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.type(value)
  }
  await fill(texts['people.sign_in_name'], who.sign_in_name)
  await fill(texts['people.password'], `${who.password}?`)
  await page.keyboard.press('Enter')
  await page.getByRole('alert').waitFor()
  // The node refused what was planted: the browser notes it as an error.
  reader.watch.take()
  await fill(texts['people.password'], who.password)
  await page.keyboard.press('Enter')
  await page.getByLabel(texts['people.code'], { exact: true }).waitFor()
  // The code of now was used when the administrator was made; a node takes one step of clock difference.
  await page.keyboard.type(totpCode(who.totp_secret, realWorld.now() + TOTP_STEP_MS))
  await page.keyboard.press('Enter')
  await arrived(page, '/observe/sensors').catch(() => faults.push(`sign-in led to ${page.url()} instead of back`))
  await page.close()
  return [...faults, ...reader.watch.take().map(({ what, text }) => `${what}: ${text}`)]
}
