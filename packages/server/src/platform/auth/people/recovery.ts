import type { World } from '@hirundo/base'
import { hashSecret } from '../secret.ts'

/** Crockford's base 32: no I, L, O, U, which are misread from paper. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const GROUP = 4

/** `count` random characters of 5 bits in groups of four. */
export function readableSecret(world: Pick<World, 'random'>, count: number): string {
  const text = [...world.random(count)].map((byte) => alphabet[byte & 31]!).join('')
  return text.match(new RegExp(`.{1,${GROUP}}`, 'g'))!.join('-')
}

const codes = 10
/** 80 bits: a hash of one round is enough. */
const code_characters = 16

export const makeRecoveryCodes = (world: Pick<World, 'random'>): string[] => Array.from({ length: codes }, () => readableSecret(world, code_characters))

/** What a person typed, as it was printed. */
const canonical = (text: string): string =>
  text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')

/** Hash of a recovery code, however it is typed; the person is part of it, since codes of two could be equal. */
export const hashRecoveryCode = (person_id: string, text: string): Buffer => hashSecret(`${person_id} ${canonical(text)}`)
