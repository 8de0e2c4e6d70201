import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OperatorError } from '../platform/operator-error.ts'
import { configKeys, readConfig, withoutSecrets } from './config.ts'

const refused = (sources: Parameters<typeof readConfig>[0], names: string) =>
  assert.throws(() => readConfig(sources), (error) => error instanceof OperatorError && error.message.includes(names), names)

test('flags win over the environment, the environment over the file, and what nobody sets has its default', () => {
  const config = readConfig({
    file: { name: 'f', content: { listen: '0.0.0.0:1', log_level: 'warn', http: { connections_max: 50, body_bytes_max: 2048 } } },
    environment: { HIRUNDO_LISTEN: '0.0.0.0:2', HIRUNDO_HTTP_CONNECTIONS_MAX: '60', HIRUNDO_HTTP_TRUSTED_PROXIES: '10.0.0.0/8, ::1', OTHER: 'x' },
    flags: { listen: '0.0.0.0:3', data_dir: undefined },
  })
  assert.equal(config.listen, '0.0.0.0:3')
  assert.equal(config.log_level, 'warn')
  assert.deepEqual(config.http, { connections_max: 60, body_bytes_max: 2048, request_ms_max: 300_000, trusted_proxies: ['10.0.0.0/8', '::1'] })
  assert.equal(config.data_dir, '.hirundo')
  assert.equal('database_url' in config, false)
})

test('every message names the key that is wrong', () => {
  refused({ file: { name: 'node.json', content: { lisen: 'x' } } }, 'lisen')
  refused({ file: { name: 'node.json', content: { http: { body_bytes: 1 } } } }, 'http.body_bytes')
  refused({ file: { name: 'node.json', content: [] } }, 'node.json')
  refused({ flags: { listen: '8400' } }, '"listen" has another form than it needs: HOST:PORT')
  refused({ environment: { HIRUNDO_HTTP_BODY_BYTES_MAX: 'many' } }, 'HIRUNDO_HTTP_BODY_BYTES_MAX')
  refused({ environment: { HIRUNDO_HTTP_BODY_BYTES_MAX: '1' } }, 'http.body_bytes_max')
  refused({ environment: { HIRUNDO_OBSERVATORY: 'x=1' } }, 'HIRUNDO_OBSERVATORY must be JSON')
  refused({ environment: { DATABASE_URL: 'mysql://x' } }, 'database_url')
  refused({ environment: { HIRUNDO_LOG_LEVEL: 'loud' } }, 'log_level')
})

test('every key has a name in the environment of its own', () => {
  const names = configKeys().map(({ variable }) => variable)
  assert.equal(new Set(names).size, names.length)
  for (const name of ['DATABASE_URL', 'CLICKHOUSE_URL', 'HIRUNDO_DATA', 'HIRUNDO_LISTEN']) assert.ok(names.includes(name), name)
})

const oidc = { HIRUNDO_OIDC_ISSUER: 'https://id.example', HIRUNDO_OIDC_CLIENT_ID: 'hirundo', HIRUNDO_OIDC_CLIENT_SECRET: 'geheim', HIRUNDO_OIDC_ROLES: '[{"claim":"groups","value":"soc","role":"analyst"}]' }

test('an identity provider is configured whole or not at all', () => {
  assert.equal('oidc' in readConfig({}), false)
  assert.deepEqual(readConfig({ environment: oidc }).oidc, {
    name: 'OpenID Connect', issuer: 'https://id.example', client_id: 'hirundo', client_secret: 'geheim', scope: 'openid profile email', roles: [{ claim: 'groups', value: 'soc', role: 'analyst' }],
  })
  refused({ environment: { HIRUNDO_OIDC_ISSUER: 'https://id.example' } }, 'oidc')
  refused({ environment: { ...oidc, HIRUNDO_OIDC_ISSUER: 'http://id.example' } }, 'oidc.issuer')
  refused({ environment: { ...oidc, HIRUNDO_OIDC_ROLES: 'soc' } }, 'HIRUNDO_OIDC_ROLES must be JSON')
  refused({ environment: { ...oidc, HIRUNDO_OIDC_ROLES: '[{"claim":"groups","value":"soc","role":"root"}]' } }, 'oidc.roles')
})

test('what doctor shows has no password', () => {
  const config = readConfig({ environment: { ...oidc, DATABASE_URL: 'postgres://u:geheim@db/x?password=geheim', CLICKHOUSE_URL: 'https://u:geheim@ch:8443/db' } })
  assert.ok(!JSON.stringify(withoutSecrets(config)).includes('geheim'))
  assert.equal(config.database_url, 'postgres://u:geheim@db/x?password=geheim')
})
