import { policy } from './0001-policy.ts'

export const migrations = { '0001_policy': policy } as const
