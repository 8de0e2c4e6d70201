import type { Scope } from '@hirundo/contract'
import type { TextKey } from '../text/text.tsx'

/** What each scope opens, in words. */
export const scopeTexts = {
  'observatory:read': 'node.scope_observatory__read', 'content:read': 'node.scope_content__read', 'sensors:read': 'node.scope_sensors__read', 'sensors:write': 'node.scope_sensors__write',
  'findings:read': 'node.scope_findings__read', 'findings:write': 'node.scope_findings__write', 'bulletins:release': 'node.scope_bulletins__release',
  'directory:read': 'node.scope_directory__read', 'directory:write': 'node.scope_directory__write', 'tokens:write': 'node.scope_tokens__write',
  'policy:read': 'node.scope_policy__read', 'policy:write': 'node.scope_policy__write',
  'people:write': 'node.scope_people__write', 'audit:read': 'node.scope_audit__read', 'node:operate': 'node.scope_node__operate',
} as const satisfies Record<Scope, TextKey>
