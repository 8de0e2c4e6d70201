import { Type } from 'typebox'
import type { Setting } from '../module.ts'

const address = "^([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,189})?$"

export const mailFrom = {
  key: 'notify.mail_from',
  summary: 'Address that mail is sent from and that answers go to; empty: no mail is sent',
  schema: Type.String({ maxLength: 254, pattern: address }),
  default: '',
} satisfies Setting

export const mailDomainsAllow = {
  key: 'notify.mail_domains_allow',
  summary: 'Domains that mail may go to, e.g. example.org; empty: any',
  schema: Type.Array(Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9.-]+$' }), { maxItems: 1000 }),
  default: [],
} satisfies Setting

export const webhookAllow = {
  key: 'notify.webhook_allow',
  summary: 'Hosts that webhooks may be sent to, each with the network that its address must lie in; port 443 unless "port" says otherwise; "http": without TLS, for closed networks',
  schema: Type.Array(
    Type.Object({
      host: Type.String({ minLength: 1, maxLength: 253, pattern: '^[A-Za-z0-9.:_-]+$' }),
      cidr: Type.String({ minLength: 2, maxLength: 49, pattern: '^[0-9A-Fa-f.:]+/[0-9]{1,3}$' }),
      port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
      http: Type.Optional(Type.Boolean()),
    }, { additionalProperties: false }),
    { maxItems: 1000 },
  ),
  default: [],
} satisfies Setting

export const deliveriesPerHourMax = {
  key: 'notify.deliveries_per_hour_max',
  summary: 'Messages that one subscription sends in an hour; what is beyond is joined to one message every ten minutes that says how many',
  schema: Type.Integer({ minimum: 1, maximum: 1000 }),
  default: 20,
} satisfies Setting

export const notifySettings: readonly Setting[] = [mailFrom, mailDomainsAllow, webhookAllow, deliveriesPerHourMax]
