import type { TextsLike } from '../texts.ts'
import type { texts as en } from './en.ts'

/** Korean. Draft: to be reviewed by a native speaker of the field. */
export const texts: TextsLike<typeof en> = {
  'economies.sentence_loading': '이코노미별로 패킷을 집계하고 있습니다 …',
  'economies.sentence_nothing': '{span, select, last {최근 {length} 동안} other {{from}부터 {to}까지}} 이코노미가 확인된 패킷이 없습니다. {total, plural, =0 {운용 중인 센서가 없었습니다.} other {센서 {total}대 중 {live}대가 보고했습니다.}}',
  'economies.sentence': '{span, select, last {최근 {length} 동안} other {{from}부터 {to}까지}} {measure, select, packets {{key}에 위치한 주소에서 온 패킷이 가장 많아 {value}개(전체의 {share})였습니다} sources {주소가 {key}에 위치한 출발지가 가장 많아 {value}개였습니다} other {{key}에 위치한 주소에서 온 패킷이 가장 많아 가동 센서당 {value}개였습니다}}.{before, select, same { 앞선 같은 길이의 기간에도 1위였습니다.} up { 앞선 같은 길이의 기간에는 {previous}위였습니다.} new { 앞선 같은 길이의 기간에는 순위 밖이었습니다.} none { 앞선 같은 길이의 기간에는 관측한 센서가 없습니다.} other {}} {economies, plural, other {이코노미 #개}}를 관측했으며, 센서 {total}대 중 {live}대가 보고했습니다.',
  'economies.series_title': '상위 {n, plural, other {#개}} 이코노미의 추이: {measure, select, packets {패킷 수} sources {출발지 수} other {가동 센서당 패킷 수}}',
  'economies.series_desc': '{keys}의 추이를 각각 한 선으로 나타냅니다. 수치는 표에 있습니다.',
  'economies.measure': '농도의 의미',
  'economies.tiles_title': '{measure, select, packets {출발지 주소의 이코노미별 패킷 수} sources {주소의 이코노미별 출발지 수} other {출발지 주소의 이코노미별 가동 센서당 패킷 수}}',
  'economies.tiles_desc': '{n, plural, other {이코노미 #개}}. 농도는 양을 나타내며, 수치는 옆의 표에 있습니다.',
  'economies.tile': '{code}: {measure, select, packets {패킷 수} sources {출발지 수} other {가동 센서당 패킷 수}} {value}, 패킷 수 기준 {rank}위',
  'economies.tile_unknown': '{code}, 이코노미 알 수 없음: {measure, select, packets {패킷 수} sources {출발지 수} other {가동 센서당 패킷 수}} {value}',
  'economies.unknown': '이코노미 알 수 없음',
  'economies.share': '비율',
  'economies.table': '모든 이코노미',
  'economies.to_ranking': '이코노미 순위',
}
