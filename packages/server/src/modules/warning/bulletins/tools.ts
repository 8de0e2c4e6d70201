import type { Result } from '@hirundo/base'
import type { FindingView } from '@hirundo/contract'
import type { Kysely } from 'kysely'
import type { Actor, Platform } from '../../../platform/module.ts'
import type { OwnEndpoint, Resolve } from '../../../platform/notify/outbound.ts'
import type { SmtpServer } from '../../../platform/notify/smtp-url.ts'

/** What is written into the history of a finding when a bulletin about it is drafted, released or withdrawn. */
export interface BulletinNote {
  readonly organisation_id: number
  /** UUID. */
  readonly finding: string
  readonly by: string
  readonly number: string
  readonly state: 'draft' | 'released' | 'withdrawn'
}

/** What bulletins need of the rest of the node. */
export interface BulletinTools extends Pick<Platform, 'db' | 'world' | 'log' | 'audit' | 'settings' | 'metrics'> {
  /** As `actor` may see it. Problem: `finding/not-found`. */
  findingOf(actor: Actor, id: string): Promise<Result<FindingView>>
  /** Sensors in service within a finding's window; null: not known. */
  sensorsOf(actor: Actor, window: { readonly start: string, readonly end: string }): Promise<number | null>
  note(t: Kysely<unknown>, note: BulletinNote): Promise<void>
  /** From the configuration; undefined: no mail is sent. */
  readonly smtp: SmtpServer | undefined
  /** Where people reach the node; undefined: messages carry no links. */
  readonly public_url: string | undefined
  /** The node and its stores: no webhook goes there. */
  readonly own: readonly OwnEndpoint[]
  /** Absent: the machine's resolver. */
  readonly resolve?: Resolve
}

/** Where bulletins and findings are shown. */
export const bulletinPath = (id: string): string => `/warn/bulletins/${id}`
export const findingPath = (id: string): string => `/warn/findings/${id}`
export const boardPath = '/warn'
