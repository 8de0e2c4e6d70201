import assert from 'node:assert/strict'
import { test } from 'node:test'
import { functionName } from './function-names.ts'

test('a function has its name however the code is written, and one that is not in the table has none', () => {
  const named: [string, string, string | undefined][] = [
    ['modbus', '3', 'Read Holding Registers'], ['modbus.function', '0x2b', 'Encapsulated Interface Transport (43/14: Read Device Identification)'], ['s7', '0xf0', 'Setup communication'],
    ['s7comm', '0x4', 'Read Var'], ['enip', '0x0063', 'ListIdentity'], ['iec104', '100', 'C_IC_NA_1, interrogation command'], ['dnp3', 'link status', 'REQUEST_LINK_STATUS'],
    ['bacnet', 'confirmed 12', 'readProperty'], ['bacnet', 'unconfirmed 8', 'who-Is'], ['bacnet', 'who-is', 'who-Is'],
    ['modbus', '', undefined], ['modbus', '99', undefined], ['modbus', 'toString', undefined], ['dnp3', 'constructor', undefined], ['telnet', '3', undefined], ['bacnet', 'confirmed 999', undefined],
  ]
  for (const [of, key, name] of named) assert.equal(functionName(of, key)?.name, name, `${of} ${key}`)
})

test('what writes, stops or resets is told apart from what reads', () => {
  const acting = [['modbus', '6'], ['modbus', '16'], ['s7', '0x29'], ['iec104', '45'], ['iec104', '105'], ['bacnet', 'confirmed 20']] as const
  for (const [of, key] of acting) assert.equal(functionName(of, key)?.acts, true, `${of} ${key}`)
  for (const [of, key] of [['modbus', '43'], ['s7', '0x4'], ['enip', '0x0063'], ['iec104', '100']] as const) assert.equal(functionName(of, key)?.acts, false, `${of} ${key}`)
})
