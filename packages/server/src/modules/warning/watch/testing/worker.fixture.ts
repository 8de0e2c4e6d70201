/** A thread like worker/main.ts, with detectors that a test can make fail. */
import { runDetectors } from '../worker/run-detectors.ts'
import { detectors } from './detectors.fixture.ts'

runDetectors(detectors)
