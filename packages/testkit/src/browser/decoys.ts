import { texts } from '@hirundo/contract/catalogues/web/en'
import { openPage, settled, type SamplePage } from './pages.ts'
import type { Reader } from './stage.ts'

const NETWORK = '192.0.2.96/28'

/** The register of own decoys by keyboard and mouse: refused, registered, removed after a question, and put back. */
export async function checkDecoys(reader: Reader, sample: SamplePage): Promise<string[]> {
  const page = await reader.profile.newPage()
  const faults: string[] = []
  await openPage(page, sample)
  const row = page.locator('tbody tr', { hasText: NETWORK })
  const expectRow = (state: 'visible' | 'detached', when: string) => row.waitFor({ state }).catch(() => void faults.push(`${NETWORK} is ${state === 'visible' ? 'not' : 'still'} in the register ${when}`))
  const field = page.getByLabel(texts['decoys.network'], { exact: true })
  await field.fill('192.0.2.97/28')
  await page.keyboard.press('Enter')
  await page.getByText(texts['decoys.network_wrong']).waitFor().catch(() => faults.push('a network with bits after its prefix is not refused'))
  await field.fill(NETWORK)
  await page.keyboard.press('Enter')
  await expectRow('visible', 'after it was registered')
  await row.getByRole('button').click()
  await row.locator('.ask').getByRole('button', { name: texts['decoys.remove'], exact: true }).click()
  await expectRow('detached', 'after it was removed')
  await page.getByRole('button', { name: texts['ui.undo'], exact: true }).click()
  await expectRow('visible', 'after that was undone')
  await settled(page)
  await page.close()
  return faults
}
