import type { TextsLike } from '../texts.ts'
import type { texts as en } from './en.ts'

/** Japanese. Draft: to be reviewed by a native speaker of the field. */
export const texts: TextsLike<typeof en> = {
  'economies.sentence_loading': 'エコノミー別にパケットを集計しています …',
  'economies.sentence_nothing': '{span, select, last {直近{length}に} other {{from}から{to}までに}}、エコノミーのわかるパケットはありませんでした。{total, plural, =0 {稼働中のセンサーはありませんでした。} other {センサーは{total}台中{live}台が報告しました。}}',
  'economies.sentence': '{span, select, last {直近{length}} other {{from}から{to}までの間}}では、{measure, select, packets {{key}に所在するアドレスからのパケットが最も多く、{value}パケット（全体の{share}）でした} sources {アドレスが{key}に所在する送信元が最も多く、{value}件でした} other {{key}に所在するアドレスからのパケットが最も多く、稼働センサー1台あたり{value}パケットでした}}。{before, select, same {前の同じ長さの期間も1位でした。} up {前の同じ長さの期間の{previous}位から上がりました。} new {前の同じ長さの期間は圏外でした。} none {前の同じ長さの期間に観測したセンサーはありません。} other {}}{economies, plural, other {#エコノミーを観測しました。}}センサーは{total}台中{live}台が報告しました。',
  'economies.measure': '濃淡の意味',
  'economies.tiles_title': '{measure, select, packets {送信元アドレスのエコノミー別パケット数} sources {アドレスのエコノミー別送信元数} other {送信元アドレスのエコノミー別、稼働センサーあたりのパケット数}}',
  'economies.tiles_desc': '{n, plural, other {#エコノミー}}。濃淡は量を示し、数値は隣の表にあります。',
  'economies.tile': '{code}：{measure, select, packets {パケット数} sources {送信元数} other {稼働センサーあたりのパケット数}} {value}、パケット数で{rank}位',
  'economies.tile_unknown': '{code}、エコノミー不明：{measure, select, packets {パケット数} sources {送信元数} other {稼働センサーあたりのパケット数}} {value}',
  'economies.unknown': 'エコノミー不明',
  'economies.share': '割合',
  'economies.table': 'すべてのエコノミー',
  'economies.to_ranking': 'エコノミーの順位',
  'economies.series_title': '上位{n, plural, other {#}}エコノミーの推移：{measure, select, packets {パケット数} sources {送信元数} other {稼働センサーあたりのパケット数}}',
  'economies.series_desc': '{keys}の推移を1本ずつの線で示します。数値は表にあります。',
}
