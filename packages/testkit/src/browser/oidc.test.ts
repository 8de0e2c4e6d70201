// Signing in by an identity provider, through the browser: a real provider, its own pages, and back.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { texts } from '@hirundo/contract/catalogues/web/en'
import { startIdentityProvider, type IdentityProvider } from '@hirundo/server/testing/identity-provider'
import { startNodeProcess, type NodeProcess } from '../constellation/node-process.ts'
import { launchBrowser, newProfile, plainLook, type Browser, type BrowserContext, type Page } from './chromium.ts'
import { findBrowser } from './find-browser.ts'
import { settled } from './pages.ts'

const executable = findBrowser()
const START_MS_MAX = 120_000
const client = { client_id: 'hirundo', client_secret: 'a secret of both' }
const wanted = '/observe/top/ports?last=7d'

/** A port that nobody has: the provider must know where it leads back to before the node starts. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const arrived = (page: Page, path: string): Promise<void> => page.waitForURL((url) => url.pathname + url.search === path)

/** From the node's button through the provider's own pages: who one is, and that the node may know it. */
async function signIn(page: Page, login: string): Promise<void> {
  const account = page.getByRole('button', { name: texts['people.have_account'] })
  const provider = page.getByRole('link', { name: texts['people.sign_in_oidc'].replace('{name}', 'Our company') })
  await account.or(provider).first().waitFor()
  if (await account.isVisible()) await account.click()
  await provider.click()
  await page.locator('input[name=login]').fill(login)
  await page.locator('input[name=password]').fill('x')
  await page.locator('button[type=submit]').click()
  // What it says of itself; the same button confirms it.
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' })
  await page.locator('button[type=submit]').click()
}

describe('an identity provider in the browser', { skip: executable === undefined && 'no Chromium or Chrome was found' }, () => {
  let directory: string
  let provider: IdentityProvider
  let node: NodeProcess
  let browser: Browser
  let origin: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hirundo-oidc-'))
    // As root the database runs under another account, which must reach its directory.
    await chmod(directory, 0o711)
    const port = await freePort()
    origin = `http://localhost:${port}`
    provider = await startIdentityProvider(origin, client)
    node = await startNodeProcess({ data_dir: join(directory, 'node'), port, env: {
      HIRUNDO_OBSERVATORY: '{"networks":false}',
      HIRUNDO_OIDC_NAME: 'Our company', HIRUNDO_OIDC_ISSUER: provider.issuer, HIRUNDO_OIDC_CLIENT_ID: client.client_id, HIRUNDO_OIDC_CLIENT_SECRET: client.client_secret,
      HIRUNDO_OIDC_ROLES: JSON.stringify([{ claim: 'groups', value: 'soc', role: 'analyst' }]),
    } })
    browser = await launchBrowser(executable!)
  }, { timeout: START_MS_MAX })
  after(async () => {
    await browser?.close()
    await node?.child.stop(15_000)
    await provider?.stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  })

  const profile = (): Promise<BrowserContext> => newProfile(browser, origin, plainLook)

  it('leads back to the page that needed sign-in, and ends every session of who lost their roles', async () => {
    provider.accounts.set('mio', { name: 'Mio', email: 'mio@example.org', email_verified: true, groups: ['soc'] })
    const first = await (await profile()).newPage()
    await first.goto(wanted)
    await signIn(first, 'mio')
    await arrived(first, wanted)
    await settled(first)
    assert.match(await first.locator('header').first().innerText(), /Mio/)

    provider.accounts.set('mio', { name: 'Mio', email: 'mio@example.org', email_verified: true, groups: [] })
    const second = await (await profile()).newPage()
    await second.goto(wanted)
    await signIn(second, 'mio')
    await second.getByText(texts['people.oidc_refused']).waitFor()
    assert.equal(new URL(second.url()).searchParams.get('next'), wanted)

    await first.reload()
    await first.waitForURL((url) => url.pathname === '/sign-in')
  })
})
