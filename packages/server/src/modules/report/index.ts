import type { Module, Platform } from '../../platform/module.ts'
import { observatoryAnswers } from '../observatory/index.ts'
import { reportDefaults, Reports, type ReportConfig } from './reports.ts'
import { reportHandlers } from './routes.ts'

export { quarterBefore, quarterOf } from './quarter.ts'
export { reportDefaults, type ReportConfig } from './reports.ts'

/** Monitoring reports of a quarter, made of the observatory's answers. */
export function report(platform: Platform, config: Partial<ReportConfig> = {}): Module {
  const reports = new Reports(platform, observatoryAnswers(platform), { ...reportDefaults, ...config })
  return { name: 'report', migrations: {}, handlers: reportHandlers(reports) }
}
