import { texts as answering } from '../answering/ko.ts'
import { texts as bulletinsPage } from '../bulletins-page/ko.ts'
import { texts as compare } from '../compare/ko.ts'
import { texts as economies } from '../economies/ko.ts'
import { texts as explore } from '../explore/ko.ts'
import { texts as forecasts } from '../forecasts/ko.ts'
import { texts as node } from '../node/ko.ts'
import { texts as overview } from '../overview/ko.ts'
import { texts as people } from '../people/ko.ts'
import { texts as port } from '../port/ko.ts'
import { texts as reportPage } from '../report-page/ko.ts'
import { texts as sensors } from '../sensors/ko.ts'
import { texts as shell } from '../shell/ko.ts'
import { texts as source } from '../source/ko.ts'
import { texts as top } from '../top/ko.ts'
import { texts as ui } from '../ui/ko.ts'
import { texts as warn } from '../warn/ko.ts'

/** Everything that the pages say, in Korean. */
export const texts = {
  ...shell, ...ui, ...answering, ...overview, ...explore, ...compare, ...port, ...source, ...sensors, ...economies, ...top, ...people, ...node, ...reportPage, ...warn, ...forecasts, ...bulletinsPage,
}
