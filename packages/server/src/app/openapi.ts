/** Writes docs/openapi.json from the routes; with `--check` says whether it is what the routes give. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  bulletinRoutes, directoryRoutes, interactionRoutes, liveRoutes, nodeRoutes, observatoryRoutes, peopleRoutes, policyRoutes, reportRoutes, warningRoutes, type Route,
} from '@hirundo/contract'
import { openApiDocument } from '../platform/http/openapi.ts'
import { version } from './version.ts'

/** Every route of a node with all modules. */
export const allRoutes: readonly Route[] = [...nodeRoutes, ...peopleRoutes, ...observatoryRoutes, ...interactionRoutes, ...liveRoutes, ...warningRoutes, ...bulletinRoutes, ...directoryRoutes, ...policyRoutes, ...reportRoutes]

/** The committed OpenAPI document. */
export const openApi = (): string => openApiDocument(allRoutes, version)

function main(check: boolean): void {
  const file = fileURLToPath(new URL('../../../../docs/openapi.json', import.meta.url))
  if (!check) {
    writeFileSync(file, openApi())
    return
  }
  if (readFileSync(file, 'utf8') === openApi()) return
  process.stderr.write('docs/openapi.json is not what the routes give: run "npm run openapi" and commit it.\n')
  process.exitCode = 1
}

// Not import.meta.main: `npm run` imports this file into a Node that is already the pinned one.
if (process.argv[1] === fileURLToPath(import.meta.url)) main(process.argv.includes('--check'))
