import { fail, ok, type Result } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { handle, type Handler } from '../../../platform/module.ts'
import type { DirectoryTools } from '../tools.ts'
import { applyFirst } from './apply.ts'
import { readFirst } from './first.ts'
import { exportProfile, importProfile } from './profile.ts'

/** The text of a body, in UTF-8 and nothing else. Problem: `import/unreadable`. */
function textOf(bytes: Uint8Array | undefined): Result<string> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return text.includes('\0') ? fail('import/unreadable', { what: 'U+0000' }) : ok(text)
  } catch {
    return fail('import/unreadable', { what: 'utf-8' })
  }
}

/** The routes of imports and exports. */
export function exchangeHandlers(tools: DirectoryTools): readonly Handler[] {
  return [
    handle(contract.importFirst, async ({ query }, { actor, raw_body }) => {
      const text = textOf(raw_body)
      const list = text.ok ? readFirst(text.value) : text
      return list.ok ? applyFirst(tools, actor!, list.value, query.dry_run === true) : list
    }),
    handle(contract.importProfile, async ({ params, query }, { actor, raw_body }) => {
      const text = textOf(raw_body)
      return text.ok ? importProfile(tools, actor!, params.id, text.value, query.dry_run === true) : text
    }),
    handle(contract.exportProfile, ({ params, query }, { actor }) => exportProfile(tools, actor!.organisation_id, params.id, query.as ?? 'public')),
  ]
}
