import type { Module, Platform } from '../../platform/module.ts'
import { migrations } from './migrations/index.ts'
import { teamHandlers } from './teams/routes.ts'

/** Who is who: teams, how they are reached. */
export function directory(platform: Platform): Module {
  return { name: 'directory', migrations, handlers: [...teamHandlers(platform)] }
}
