export { PacketDetectors, packetParameters } from './packet-detectors.ts'
export type { Detection, FindingKind, Subject } from './detectors/model.ts'
