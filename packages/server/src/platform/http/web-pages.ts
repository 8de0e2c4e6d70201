import { randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml', '.webmanifest': 'application/manifest+json',
}
const NONCE = '__NONCE__'
const COMPRESSED_FROM_BYTES = 1024

interface Asset {
  readonly type: string
  readonly plain: Buffer
  readonly gzip: Buffer | undefined
  readonly brotli: Buffer | undefined
}

function assetOf(path: string): Asset {
  const plain = readFileSync(path)
  const small = plain.length < COMPRESSED_FROM_BYTES
  return {
    type: types[extname(path)] ?? 'application/octet-stream', plain,
    gzip: small ? undefined : gzipSync(plain, { level: 9 }),
    brotli: small ? undefined : brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  }
}

function send(reply: FastifyReply, asset: Asset, accepted: string): FastifyReply {
  const brotli = asset.brotli && /\bbr\b/.test(accepted)
  const gzip = asset.gzip && /\bgzip\b/.test(accepted)
  reply.headers({ 'content-type': asset.type, vary: 'accept-encoding' })
  if (brotli) return reply.header('content-encoding', 'br').send(asset.brotli)
  return gzip ? reply.header('content-encoding', 'gzip').send(asset.gzip) : reply.send(asset.plain)
}

/** Scripts and styles only from the node itself; the nonce is for the one rule that a component library adds by itself. */
const policy = (nonce: string): string => [
  "default-src 'none'", "script-src 'self'", `style-src 'self' 'nonce-${nonce}'`, "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'",
  "manifest-src 'self'", "frame-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
].join('; ')

const isPage = ({ method, headers, url }: FastifyRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && !url.startsWith('/api/') && !/\.[a-z]+$/.test(url.split('?')[0]!) && (headers.accept ?? '').includes('text/html')

/**
 * The built pages below `directory`: read once into memory, so that no path of a request ever reaches the file system.
 * Files with a hash in their name may be kept for good; the page itself is asked for anew each time. `elsewhere` answers
 * what is no page.
 */
export function addWebPages(server: FastifyInstance, directory: string, elsewhere: (reply: FastifyReply) => FastifyReply): void {
  const page = readFileSync(join(directory, 'index.html'), 'utf8')
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && extname(entry.name) in types)
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name)
    const url = `/${relative(directory, path).split(sep).join('/')}`
    const asset = assetOf(path)
    const kept = url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'public, max-age=3600'
    server.get(url, async (request, reply) => send(reply.header('cache-control', kept), asset, String(request.headers['accept-encoding'] ?? '')))
  }
  const open = async (_: FastifyRequest, reply: FastifyReply) => {
    const nonce = randomBytes(16).toString('base64')
    return reply.headers({ 'content-security-policy': policy(nonce), 'content-type': 'text/html; charset=utf-8' }).send(page.replaceAll(NONCE, nonce))
  }
  server.get('/', open)
  // Every address below belongs to the pages' own router; it says itself when there is no such page.
  server.setNotFoundHandler((request, reply) => (isPage(request) ? open(request, reply) : elsewhere(reply)))
}
