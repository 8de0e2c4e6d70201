import type { Module, Platform } from '../platform/module.ts'
import type { NodeConfig } from './config.ts'

/** The capabilities of a node, lowest rank first. */
export const makeModules = (_platform: Platform, _config: NodeConfig): readonly Module[] => []
