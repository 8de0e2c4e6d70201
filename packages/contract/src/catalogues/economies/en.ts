/** Economies as tiles. Codes only: names belong to the community. */
export const texts = {
  'economies.sentence_loading': 'Counting packets by economy …',
  'economies.sentence_nothing': 'No packet of a known economy was counted {span, select, last {in the last {length}} other {from {from} to {to}}}. {total, plural, =0 {No sensor was in service.} other {{live} of {total} sensors reported.}}',
  'economies.sentence': '{measure, select, packets {{span, select, last {In the last {length}} other {From {from} to {to}}} most packets came from addresses located in {key}: {value} packets, {share} of all} sources {{span, select, last {In the last {length}} other {From {from} to {to}}} most sources had addresses located in {key}: {value} sources} other {{span, select, last {In the last {length}} other {From {from} to {to}}} most packets came from addresses located in {key}: {value} packets for each live sensor}}{before, select, same {, first in the period before too} up {, up from rank {previous} in the period before} new {, not among the first ranks in the period before} none {; no sensor watched in the period before} other {}}. {economies, plural, one {# economy was} other {# economies were}} seen; {live} of {total} sensors reported.',
  'economies.measure': 'What the shades mean',
  'economies.tiles_title': '{measure, select, packets {Packets by economy of the source’s address} sources {Sources by economy of their address} other {Packets per live sensor by economy of the source’s address}}',
  'economies.tiles_desc': '{n, plural, one {# economy} other {# economies}}, shaded by the amount; the table beside it has the numbers.',
  'economies.tile': '{code}: {value} {measure, select, packets {packets} sources {sources} other {packets per live sensor}}, rank {rank} by packets',
  'economies.tile_unknown': '{code}, economy unknown: {value} {measure, select, packets {packets} sources {sources} other {packets per live sensor}}',
  'economies.unknown': 'economy unknown',
  'economies.share': 'Share',
  'economies.series_title': '{n, plural, one {The first economy over time} other {The first # economies over time}}: {measure, select, packets {packets} sources {sources} other {packets per live sensor}}',
  'economies.series_desc': 'One line for each of {keys}; the table has the numbers.',
  'economies.table': 'All economies',
  'economies.to_ranking': 'Economies as a ranking',
} as const
