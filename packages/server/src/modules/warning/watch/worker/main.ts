/** The thread of a node's detectors. */
import { runDetectors } from './run-detectors.ts'

runDetectors()
