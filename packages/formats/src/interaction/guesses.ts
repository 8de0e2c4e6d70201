import type { Interaction } from './model.ts'

interface Rule {
  readonly name: string
  /** The fact that is looked at, or `sample` for the first payload. */
  readonly of: string
  readonly holds: RegExp
}

/**
 * What a client says about itself or cannot help saying. A guess is no proof: any of it can be imitated, which is why
 * the record names the rule.
 */
const rules: readonly Rule[] = [
  { name: 'mozi', of: 'sample', holds: /Mozi\.[am]\b/ },
  { name: 'mirai-like', of: 'telnet.commands', holds: /\/bin\/busybox [A-Z]{4,12}\b/ },
  { name: 'zgrab', of: 'http.user_agent', holds: /zgrab/i },
  { name: 'nuclei', of: 'http.user_agent', holds: /nuclei/i },
  { name: 'nmap', of: 'http.user_agent', holds: /nmap scripting engine/i },
  { name: 'masscan', of: 'http.user_agent', holds: /masscan/i },
  { name: 'censys', of: 'http.user_agent', holds: /censys/i },
  { name: 'shodan', of: 'http.user_agent', holds: /shodan/i },
  { name: 'nikto', of: 'http.user_agent', holds: /nikto/i },
  { name: 'sqlmap', of: 'http.user_agent', holds: /sqlmap/i },
  { name: 'go-http', of: 'http.user_agent', holds: /^Go-http-client\// },
  { name: 'python-requests', of: 'http.user_agent', holds: /python-requests|aiohttp|python-urllib/i },
  { name: 'curl', of: 'http.user_agent', holds: /^curl\// },
  { name: 'nmap', of: 'http.path', holds: /nice%20ports%2C\/Tri%6Eity|nmaplowercheck/i },
  { name: 'zgrab', of: 'ssh.client_version', holds: /zgrab/i },
  { name: 'go-ssh', of: 'ssh.client_version', holds: /^SSH-2\.0-Go\b/ },
  { name: 'libssh', of: 'ssh.client_version', holds: /libssh/i },
  { name: 'paramiko', of: 'ssh.client_version', holds: /paramiko/i },
  { name: 'openssh', of: 'ssh.client_version', holds: /^SSH-2\.0-OpenSSH/ },
  { name: 'nmap', of: 'rdp.cookie', holds: /^nmap$/ },
]

/** The first rule that holds, as a name and where it looked. */
export function guessOf({ facts, sample }: Pick<Interaction, 'facts' | 'sample'>): Interaction['guess'] {
  if (sample.length === 0 && isEmpty(facts)) return undefined
  let text: string | undefined
  for (const { name, of, holds } of rules) {
    const value = of === 'sample' ? (text ??= Buffer.from(sample.buffer, sample.byteOffset, sample.length).toString('latin1')) : Object.hasOwn(facts, of) ? facts[of]! : undefined
    if (value !== undefined && holds.test(value)) return { name, rule: `${of} ~ ${holds.source}`.slice(0, 64) }
  }
  return undefined
}

function isEmpty(of: object): boolean {
  for (const _ in of) return false
  return true
}
