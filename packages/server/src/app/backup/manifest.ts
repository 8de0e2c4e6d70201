import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'
import { writePrivate } from '../../platform/data-directory.ts'
import { OperatorError } from '../../platform/operator-error.ts'
import { digestFile, listTree, syncDirectory } from './copy.ts'

const FILE = 'manifest.json'

/** No way out of the tree: relative, no dot segments, no empty ones. */
const RelativePath = Type.String({ pattern: '^(?!.*(^|/)\\.{0,2}(/|$))[^\\u0000\\\\]+$', maxLength: 4000 })

export const Manifest = Type.Object({
  kind: Type.Literal('hirundo-backup'),
  format: Type.Literal(1),
  version: Type.String(),
  created_at: Type.String(),
  fingerprint: Type.String(),
  /** Stores that were the operator's own are not in the backup. */
  postgres: Type.Unsafe<'embedded' | 'external'>({ enum: ['embedded', 'external'] }),
  clickhouse: Type.Unsafe<'embedded' | 'external'>({ enum: ['embedded', 'external'] }),
  directories: Type.Array(RelativePath),
  files: Type.Array(Type.Object({ path: RelativePath, size_bytes: Type.Integer({ minimum: 0 }), sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) })),
})
export type Manifest = Static<typeof Manifest>

/** Writes the manifest last: a backup without one is not finished. Files are read again from the disk. */
export async function writeManifest(directory: string, about: Omit<Manifest, 'kind' | 'format' | 'directories' | 'files'>): Promise<Manifest> {
  const tree = await listTree(directory)
  const files = []
  for (const path of tree.files) files.push({ path, ...(await digestFile(join(directory, path))) })
  const manifest: Manifest = { kind: 'hirundo-backup', format: 1, ...about, directories: [...tree.directories], files }
  await writePrivate(join(directory, FILE), `${JSON.stringify(manifest)}\n`)
  await syncDirectory(directory)
  return manifest
}

async function readManifest(directory: string): Promise<Manifest> {
  const text = await readFile(join(directory, FILE), 'utf8').catch(() => undefined)
  if (text === undefined) throw new OperatorError(`${directory} has no manifest.json: it is no backup, or one that was not finished.`, 'Choose the directory that "hirundo backup --to" wrote.')
  const parsed = JSON.parse(text) as unknown
  if (!Value.Check(Manifest, parsed)) throw new OperatorError(`${directory}/manifest.json is not one that this version can read.`, 'Restore with the version that wrote it.')
  return parsed
}

/** The manifest, after every file was found as it says and no other. Throws OperatorError that names the first that differs. */
export async function verifyBackup(directory: string): Promise<Manifest> {
  const manifest = await readManifest(directory)
  const found = new Set((await listTree(directory)).files)
  found.delete(FILE)
  for (const { path, size_bytes, sha256 } of manifest.files) {
    const actual = found.delete(path) ? await digestFile(join(directory, path)) : undefined
    if (actual?.sha256 === sha256 && actual.size_bytes === size_bytes) continue
    throw new OperatorError(`${path} of the backup is ${actual ? 'not what the manifest says' : 'missing'}.`, 'Use another copy of this backup, or an older one.')
  }
  const [extra] = found
  if (extra !== undefined) throw new OperatorError(`${extra} is in the backup and not in its manifest.`, 'Someone added it: look who, and remove it.')
  return manifest
}
