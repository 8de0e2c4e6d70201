// Each check of the browser tests must see the fault that it is for. Pages here are wrong on purpose.
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { axeFaults } from './axe.ts'
import { launchBrowser, newProfile, plainLook, type Browser, type BrowserContext } from './chromium.ts'
import { findBrowser } from './find-browser.ts'
import { walkFocus } from './focus.ts'
import { layoutFaults } from './layout.ts'
import { strayTexts } from './stray-text.ts'
import { watchProfile, type Watch } from './watch.ts'

const executable = findBrowser()
const page_of = (body: string, style = ''): string => `<!doctype html><html lang="en"><head><title>⟦Planted⟧</title>
  <style nonce="n">body { margin: 0; font: 14px sans-serif } ${style}</style></head><body><main><h1>⟦Planted⟧</h1>${body}</main></body></html>`

describe('checks of the browser tests', { skip: executable === undefined && 'no Chromium or Chrome was found' }, () => {
  let browser: Browser
  let server: Server
  let profile: BrowserContext
  let watch: Watch
  let html = ''

  before(async () => {
    server = createServer((request, response) => {
      if (request.url !== '/') response.statusCode = 404
      response.setHeader('content-security-policy', "default-src 'none'; style-src 'nonce-n'; img-src *; connect-src *; script-src 'nonce-n'")
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(html)
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    browser = await launchBrowser(executable!)
    const url = `http://localhost:${(server.address() as AddressInfo).port}`
    profile = await newProfile(browser, url, { ...plainLook, width: 380 })
    watch = await watchProfile(profile, url)
  })
  after(async () => {
    await browser?.close()
    server?.close()
  })

  const open = async (body: string, style?: string) => {
    html = page_of(body, style)
    const page = await profile.newPage()
    await page.goto('/favicon.ico').catch(() => undefined)
    watch.take()
    await page.goto('/')
    return page
  }

  it('are silent on a page without faults', async () => {
    const page = await open('<p>⟦All is well⟧ <a href="#a">⟦on⟧</a> <button>⟦go⟧</button> <time>Nov 20</time> tcp/23 north-light</p>', 'a:focus, button:focus { outline: 2px solid }')
    assert.deepEqual(await layoutFaults(page), [])
    assert.deepEqual(await strayTexts(page, 'en', { data: ['north-light'] }), [])
    assert.deepEqual((await walkFocus(page, 'Tab')).faults, [])
    assert.deepEqual(watch.take().filter(({ text }) => !text.includes('favicon')), [])
    await page.close()
  })

  it('see what axe-core sees', async () => {
    const page = await open('<img src="/"><p style="">⟦grey⟧</p>', 'p { color: #ccc; background: #fff }')
    const faults = (await axeFaults(page)).join('\n')
    assert.match(faults, /image-alt/)
    assert.match(faults, /color-contrast/)
    await page.close()
  })

  it('see texts that stick out, that are cut, and a page that scrolls sideways', async () => {
    const page = await open(`<div class="wide">⟦unbreakable-unbreakable-unbreakable⟧</div><div class="cut">⟦ellipsis ellipsis ellipsis⟧</div>
      <div class="box"><p>⟦a line that is longer than its frame⟧</p></div><div class="low">⟦one<br>two<br>three⟧</div>
      <svg width="50" height="20"><text x="30" y="15">⟦label⟧</text></svg><span class="sr">⟦for readers who hear⟧</span>`, `
      .wide { width: 60px } .cut { width: 60px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }
      .box { width: 100px; overflow: hidden } .box p { width: 300px } .low { height: 20px; overflow: hidden } main { width: 500px }
      .sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }`)
    const faults = await layoutFaults(page)
    const all = faults.join('\n')
    for (const pattern of [/scrolls sideways/, /sticks out of <div\.wide>/, /cut in <div\.cut>/, /cut by <div\.box>/, /lines are cut in <div\.low>/, /sticks out of its figure/]) assert.match(all, pattern)
    assert.doesNotMatch(all, /sr/)
    await page.close()
  })

  it('see texts that come from no catalogue, also those that are only heard', async () => {
    const page = await open(`<p>⟦a <b>bold</b> word⟧ but</p><button aria-label="close"></button><input placeholder="search" title="⟦ok⟧">
      <span data-value>free text</span><p>approved</p><p>Nov 20, 14:00 UTC</p>`)
    assert.deepEqual((await strayTexts(page, 'en', { data: [] })).toSorted(), ['<button aria-label> "close"', '<input placeholder> "search"', '<p> "approved"', '<p> "but"'])
    await page.close()
  })

  it('see focus that cannot be seen, that skips, and that is trapped', async () => {
    const page = await open(`<a href="#1">⟦one⟧</a><a href="#2" class="quiet">⟦two⟧</a><button tabindex="-1">⟦never⟧</button><a href="#3" class="off">⟦three⟧</a><div tabindex="0">⟦four⟧</div>`,
      'a:focus { outline: 2px solid } .quiet:focus { outline: none } .off { position: absolute; left: -999px }')
    const { faults } = await walkFocus(page, 'Tab')
    assert.match(faults.join('\n'), /two⟧" does not look focused/)
    assert.match(faults.join('\n'), /three⟧" has the focus and is not in view/)
    await page.evaluate(() => document.querySelectorAll('a')[1]!.addEventListener('keydown', (event) => {
      event.preventDefault()
      document.querySelectorAll('a')[1]!.focus()
    }))
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    const trapped = (await walkFocus(page, 'Tab')).faults.join('\n')
    assert.match(trapped, /trapped/)
    assert.match(trapped, /three⟧" is never reached/)
    await page.close()
  })

  it('see what a page does behind its reader’s back', async () => {
    const page = await open('<img alt="" src="http://tracker.example/p.png"><p style="color: red">⟦inline style⟧</p><script>1</script>')
    await page.evaluate("console.error('planted')")
    await page.evaluate(() => {
      void fetch('/nothing')
      setTimeout(() => {
        throw new Error('planted too')
      })
    })
    await page.waitForTimeout(300)
    const kinds = new Map<string, string>(watch.take().map(({ what, text }) => [what, text]))
    assert.deepEqual([...kinds.keys()].toSorted(), ['answer', 'console', 'exception', 'other-host', 'policy'])
    await page.close()
  })
})
