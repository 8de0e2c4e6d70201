import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { webAssets } from '@hirundo/web/assets'
import { JAVASCRIPT_GZIP_BYTES_MAX, overviewSize, pageSize } from './page-size.ts'

test('everything that is imported at once counts, each file once, and what is loaded later does not', () => {
  const manifest = {
    'a': { file: 'a.js', imports: ['b', 'c'], css: ['s.css'], dynamicImports: ['later'] },
    'b': { file: 'b.js', imports: ['c'] }, 'c': { file: 'c.js', css: ['s.css'] }, 'later': { file: 'later.js' },
  }
  const bytes = (file: string) => new Uint8Array(file.length)
  const { files, javascript_gzip_bytes } = pageSize(manifest, ['a', 'c'], bytes)
  assert.deepEqual(files, ['a.js', 'b.js', 'c.js', 's.css'])
  assert.equal(javascript_gzip_bytes, 3 * gzipSync(new Uint8Array(4)).length)
  assert.throws(() => pageSize(manifest, ['gone'], bytes), /no chunk gone/)
})

test('the overview needs no more script than the goal allows', async () => {
  const { javascript_gzip_bytes } = overviewSize(await webAssets())
  assert.ok(javascript_gzip_bytes > 50_000, 'the build was not understood')
  assert.ok(javascript_gzip_bytes <= JAVASCRIPT_GZIP_BYTES_MAX, `${javascript_gzip_bytes} bytes`)
})
