/** What a control system was asked for, by its name in the specification. */
export interface FunctionName {
  readonly name: string
  /** It would change something: a value, a program, a state. */
  readonly acts: boolean
}

const reads = (name: string): FunctionName => ({ name, acts: false })
const acts = (name: string): FunctionName => ({ name, acts: true })
type Names = Readonly<Record<number, FunctionName>>

/** MODBUS Application Protocol Specification V1.1b3, sections 6.1 to 6.21. */
const modbus: Names = {
  1: reads('Read Coils'), 2: reads('Read Discrete Inputs'), 3: reads('Read Holding Registers'), 4: reads('Read Input Registers'),
  5: acts('Write Single Coil'), 6: acts('Write Single Register'), 7: reads('Read Exception Status'), 8: reads('Diagnostics'),
  11: reads('Get Comm Event Counter'), 12: reads('Get Comm Event Log'), 15: acts('Write Multiple Coils'), 16: acts('Write Multiple Registers'),
  17: reads('Report Server ID'), 20: reads('Read File Record'), 21: acts('Write File Record'), 22: acts('Mask Write Register'),
  23: acts('Read/Write Multiple Registers'), 24: reads('Read FIFO Queue'), 43: reads('Encapsulated Interface Transport (43/14: Read Device Identification)'),
}

/** No public specification: names of Wireshark's dissector of S7 Communication (epan/dissectors/packet-s7comm.c). */
const s7: Names = {
  0x00: reads('CPU services'), 0xf0: reads('Setup communication'), 0x04: reads('Read Var'), 0x05: acts('Write Var'), 0x1a: acts('Request download'),
  0x1b: acts('Download block'), 0x1c: acts('Download ended'), 0x1d: reads('Start upload'), 0x1e: reads('Upload'), 0x1f: reads('End upload'),
  0x28: acts('PI-Service'), 0x29: acts('PLC Stop'),
}

/** The CIP Networks Library, volume 2, EtherNet/IP Adaptation of CIP, table 2-3.2. */
const enip: Names = {
  0x0000: reads('NOP'), 0x0004: reads('ListServices'), 0x0063: reads('ListIdentity'), 0x0064: reads('ListInterfaces'), 0x0065: reads('RegisterSession'),
  0x0066: reads('UnRegisterSession'), 0x006f: acts('SendRRData'), 0x0070: acts('SendUnitData'), 0x0072: reads('IndicateStatus'), 0x0073: reads('Cancel'),
}

/** IEC 60870-5-101:2003, 7.2.1, type identifications in control direction, as IEC 60870-5-104 takes them over. */
const iec104: Names = {
  45: acts('C_SC_NA_1, single command'), 46: acts('C_DC_NA_1, double command'), 47: acts('C_RC_NA_1, regulating step command'),
  48: acts('C_SE_NA_1, set point command, normalized value'), 49: acts('C_SE_NB_1, set point command, scaled value'),
  50: acts('C_SE_NC_1, set point command, short floating point number'), 51: acts('C_BO_NA_1, bitstring of 32 bits'),
  58: acts('C_SC_TA_1, single command with time tag'), 59: acts('C_DC_TA_1, double command with time tag'), 60: acts('C_RC_TA_1, regulating step command with time tag'),
  100: reads('C_IC_NA_1, interrogation command'), 101: reads('C_CI_NA_1, counter interrogation command'), 102: reads('C_RD_NA_1, read command'),
  103: acts('C_CS_NA_1, clock synchronization command'), 105: acts('C_RP_NA_1, reset process command'), 107: reads('C_TS_TA_1, test command with time tag'),
}

/** ANSI/ASHRAE 135, clause 21, BACnetConfirmedServiceChoice. */
const bacnetConfirmed: Names = {
  0: acts('acknowledgeAlarm'), 4: reads('getEnrollmentSummary'), 5: acts('subscribeCOV'), 6: reads('atomicReadFile'), 7: acts('atomicWriteFile'),
  8: acts('addListElement'), 9: acts('removeListElement'), 10: acts('createObject'), 11: acts('deleteObject'), 12: reads('readProperty'),
  14: reads('readPropertyMultiple'), 15: acts('writeProperty'), 16: acts('writePropertyMultiple'), 17: acts('deviceCommunicationControl'),
  20: acts('reinitializeDevice'), 26: reads('readRange'),
}
/** The same, BACnetUnconfirmedServiceChoice. */
const bacnetUnconfirmed: Names = {
  0: reads('i-Am'), 1: reads('i-Have'), 2: reads('unconfirmedCOVNotification'), 3: reads('unconfirmedEventNotification'), 4: reads('unconfirmedPrivateTransfer'),
  6: acts('timeSynchronization'), 7: reads('who-Has'), 8: reads('who-Is'), 9: acts('utcTimeSynchronization'),
}
/** What the sensor writes of a service that it knows. */
const bacnetWords: Readonly<Record<string, FunctionName>> = { 'who-is': reads('who-Is'), 'read-property': reads('readProperty') }

/** IEEE 1815, clause 9.2.4.1.3, function codes from the primary station; the sensor writes them as words. */
const dnp3: Readonly<Record<string, FunctionName>> = {
  'reset': reads('RESET_LINK_STATES'), 'test': reads('TEST_LINK_STATES'), 'confirmed data': reads('CONFIRMED_USER_DATA'), 'data': reads('UNCONFIRMED_USER_DATA'),
  'link status': reads('REQUEST_LINK_STATUS'), 'request link status': reads('REQUEST_LINK_STATUS'),
}

const own = <T>(names: Readonly<Record<string | number, T>>, key: string | number): T | undefined => (Object.hasOwn(names, key) ? names[key] : undefined)

function bacnet(key: string): FunctionName | undefined {
  const [, kind, number] = /^(confirmed|unconfirmed) (\d{1,3})$/.exec(key) ?? []
  if (number === undefined) return own(bacnetWords, key)
  return own(kind === 'confirmed' ? bacnetConfirmed : bacnetUnconfirmed, Number(number))
}

/** As facts have it: decimal, or hexadecimal with 0x. */
const numberOf = (key: string): number => (/^(0x[\da-f]{1,4}|\d{1,5})$/i.test(key) ? Number(key) : NaN)

/**
 * The name of a function that was asked of a control system. `of`: its protocol, or the name of the fact
 * (`modbus`, `modbus.function`). Undefined: not in the table; it is shown as it came.
 */
export function functionName(of: string, key: string): FunctionName | undefined {
  const [protocol = ''] = of.split('.')
  switch (protocol) {
    case 'modbus': return own(modbus, numberOf(key))
    case 's7': case 's7comm': return own(s7, numberOf(key))
    case 'enip': return own(enip, numberOf(key))
    case 'iec104': return own(iec104, numberOf(key))
    case 'dnp3': return own(dnp3, key)
    case 'bacnet': return bacnet(key)
    default: return undefined
  }
}

/** What people call the protocols of control systems. */
export const controlProtocols: Readonly<Record<string, string>> = {
  modbus: 'Modbus/TCP', s7: 'S7comm', s7comm: 'S7comm', enip: 'EtherNet/IP', dnp3: 'DNP3', iec104: 'IEC 60870-5-104', bacnet: 'BACnet/IP',
}
