import type { DetectionSink } from '../watch/model.ts'
import { storeDetections, type StoringOptions, type Tools } from './store-detections.ts'
import { withdrawStale } from './withdraw.ts'

/** Where the watch puts what detectors give. */
export const findingSink = (tools: Tools, options: StoringOptions = {}): DetectionSink => ({
  async store(organisation_id, detections, context) {
    await storeDetections(tools, organisation_id, detections, context, options)
  },
  lookedAgain: (organisation_id, stretch) => withdrawStale(tools, organisation_id, stretch),
})
