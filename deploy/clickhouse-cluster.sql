CREATE TABLE IF NOT EXISTS net_as_of ON CLUSTER hirundo (at DateTime DEFAULT now(), as_of String) ENGINE = MergeTree ORDER BY at SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS net_economy ON CLUSTER hirundo (prefix String, code String) ENGINE = MergeTree ORDER BY prefix SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS staging_net_economy ON CLUSTER hirundo (prefix String, code String) ENGINE = MergeTree ORDER BY prefix SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE DICTIONARY IF NOT EXISTS dict_economy ON CLUSTER hirundo (prefix String, code String DEFAULT 'ZZ') PRIMARY KEY prefix SOURCE(CLICKHOUSE(TABLE 'net_economy')) LAYOUT(IP_TRIE()) LIFETIME(0);

CREATE TABLE IF NOT EXISTS net_asn ON CLUSTER hirundo (prefix String, asn UInt32, as_name String) ENGINE = MergeTree ORDER BY prefix SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS staging_net_asn ON CLUSTER hirundo (prefix String, asn UInt32, as_name String) ENGINE = MergeTree ORDER BY prefix SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE DICTIONARY IF NOT EXISTS dict_asn ON CLUSTER hirundo (prefix String, asn UInt32 DEFAULT 0, as_name String DEFAULT '') PRIMARY KEY prefix SOURCE(CLICKHOUSE(TABLE 'net_asn')) LAYOUT(IP_TRIE()) LIFETIME(0);

CREATE TABLE IF NOT EXISTS net_research ON CLUSTER hirundo (prefix String, scanner String) ENGINE = MergeTree ORDER BY prefix SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS staging_net_research ON CLUSTER hirundo (prefix String, scanner String) ENGINE = MergeTree ORDER BY prefix SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE DICTIONARY IF NOT EXISTS dict_research ON CLUSTER hirundo (prefix String, scanner String DEFAULT '') PRIMARY KEY prefix SOURCE(CLICKHOUSE(TABLE 'net_research')) LAYOUT(IP_TRIE()) LIFETIME(0);

CREATE TABLE IF NOT EXISTS flow_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `block` UInt64,
  `minute` DateTime('UTC'),
  `src` IPv6,
  `dst_net` IPv6,
  `dst_port` Int32,
  `icmp_type` Int16,
  `icmp_code` Int16,
  `protocol` UInt8,
  `partial` UInt8,
  `ttl_common` Int16,
  `packets` UInt32,
  `dsts` UInt32,
  `bytes` UInt64,
  `src_ports` UInt32,
  `src_port_common` Int32,
  `tcp_flags_common` Int16,
  `syn_header_bytes` Int16,
  `size_common` Int32,
  `syn_window` Int32,
  `scan` UInt32,
  `backscatter` UInt32,
  `other` UInt32,
  `tool_mirai` UInt32,
  `tool_zmap` UInt32,
  `tool_masscan` UInt32,
  `economy` FixedString(2),
  `asn` UInt32,
  `research` UInt8,
  INDEX block_range block TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/flow_local', '{replica}')
PARTITION BY toYYYYMM(minute)
PRIMARY KEY (organisation, toStartOfHour(minute), protocol, dst_port)
ORDER BY (organisation, toStartOfHour(minute), protocol, dst_port, minute)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS flow ON CLUSTER hirundo AS flow_local
ENGINE = Distributed('hirundo', currentDatabase(), flow_local, cityHash64(src));

CREATE TABLE IF NOT EXISTS flow_by_source_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `block` UInt64,
  `minute` DateTime('UTC'),
  `src` IPv6,
  `dst_port` Int32,
  `icmp_type` Int16,
  `icmp_code` Int16,
  `protocol` UInt8,
  `packets` UInt32,
  `bytes` UInt64,
  `tool_mirai` UInt32,
  `tool_zmap` UInt32,
  `tool_masscan` UInt32,
  `research` UInt8,
  INDEX block_range block TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/flow_by_source_local', '{replica}')
PARTITION BY toYYYYMM(minute)
PRIMARY KEY (organisation, src)
ORDER BY (organisation, src, minute)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 2048;

CREATE TABLE IF NOT EXISTS flow_by_source ON CLUSTER hirundo AS flow_by_source_local
ENGINE = Distributed('hirundo', currentDatabase(), flow_by_source_local, cityHash64(src));

CREATE TABLE IF NOT EXISTS late_flow ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `block` UInt64,
  `minute` DateTime('UTC'),
  `src` IPv6,
  `dst_net` IPv6,
  `dst_port` Int32,
  `icmp_type` Int16,
  `icmp_code` Int16,
  `protocol` UInt8,
  `partial` UInt8,
  `ttl_common` Int16,
  `packets` UInt32,
  `dsts` UInt32,
  `bytes` UInt64,
  `src_ports` UInt32,
  `src_port_common` Int32,
  `tcp_flags_common` Int16,
  `syn_header_bytes` Int16,
  `size_common` Int32,
  `syn_window` Int32,
  `scan` UInt32,
  `backscatter` UInt32,
  `other` UInt32,
  `tool_mirai` UInt32,
  `tool_zmap` UInt32,
  `tool_masscan` UInt32,
  `economy` FixedString(2),
  `asn` UInt32,
  `research` UInt8
) ENGINE = MergeTree
PARTITION BY toYYYYMM(minute)
PRIMARY KEY (organisation, toStartOfHour(minute), protocol, dst_port)
ORDER BY (organisation, toStartOfHour(minute), protocol, dst_port, minute)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS backscatter_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `block` UInt64,
  `bin` DateTime('UTC'),
  `victim` IPv6,
  `protocol` UInt8,
  `partial` UInt8,
  `ports` UInt16,
  `port_common` Int32,
  `packets` UInt32,
  `bytes` UInt64,
  `dsts` UInt32,
  `mismatches` UInt32,
  INDEX block_range block TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/backscatter_local', '{replica}')
PARTITION BY toYYYYMM(bin)
ORDER BY (organisation, bin, victim)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS backscatter ON CLUSTER hirundo AS backscatter_local
ENGINE = Distributed('hirundo', currentDatabase(), backscatter_local, sensor);

CREATE TABLE IF NOT EXISTS syn_sample_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `block` UInt64,
  `second` DateTime('UTC'),
  `src` IPv6,
  `dst_net` IPv6,
  `dst_port` UInt16,
  `window` UInt16,
  `weight` UInt32,
  INDEX block_range block TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/syn_sample_local', '{replica}')
PARTITION BY toYYYYMM(second)
ORDER BY (organisation, second, dst_port)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS syn_sample ON CLUSTER hirundo AS syn_sample_local
ENGINE = Distributed('hirundo', currentDatabase(), syn_sample_local, sensor);

CREATE TABLE IF NOT EXISTS sensor_minute_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `block` UInt64,
  `minute` DateTime('UTC'),
  `observed_s` UInt32,
  `packets` UInt64,
  `counted` UInt64,
  `not_ip` UInt64,
  `not_for_us` UInt64,
  `malformed` UInt64,
  `dropped` UInt64,
  `flows` UInt32,
  `partial` UInt32,
  INDEX block_range block TYPE minmax GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/sensor_minute_local', '{replica}')
PARTITION BY toYYYYMM(minute)
ORDER BY (organisation, minute, sensor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS sensor_minute ON CLUSTER hirundo AS sensor_minute_local
ENGINE = Distributed('hirundo', currentDatabase(), sensor_minute_local, sensor);

CREATE TABLE IF NOT EXISTS late_sensor_minute ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `block` UInt64,
  `minute` DateTime('UTC'),
  `observed_s` UInt32,
  `packets` UInt64,
  `counted` UInt64,
  `not_ip` UInt64,
  `not_for_us` UInt64,
  `malformed` UInt64,
  `dropped` UInt64,
  `flows` UInt32,
  `partial` UInt32
) ENGINE = MergeTree
PARTITION BY toYYYYMM(minute)
ORDER BY (organisation, minute, sensor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1;

CREATE TABLE IF NOT EXISTS interaction_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `block` UInt64,
  `at` DateTime64(3, 'UTC'),
  `clock_error_ms` Int32,
  `src` IPv6,
  `src_port` UInt16,
  `dst_port` UInt16,
  `transport` UInt8,
  `handshake` UInt8,
  `requests` UInt32,
  `bytes_in` UInt64,
  `bytes_out` UInt64,
  `duration_ms` UInt32,
  `truncated` UInt8,
  `protocol` LowCardinality(String),
  `payload_sha256` String,
  `sample` String,
  `logins` Array(Tuple(user String, password String)),
  `urls` Array(String),
  `facts` Map(String, String),
  `guess_name` String,
  `guess_rule` String,
  `economy` FixedString(2),
  `asn` UInt32,
  `research` UInt8,
  INDEX block_range block TYPE minmax GRANULARITY 1,
  INDEX src_filter src TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/interaction_local', '{replica}')
PARTITION BY toYYYYMM(at)
PRIMARY KEY (organisation, toStartOfHour(at), protocol, src)
ORDER BY (organisation, toStartOfHour(at), protocol, src, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 1024;

CREATE TABLE IF NOT EXISTS interaction ON CLUSTER hirundo AS interaction_local
ENGINE = Distributed('hirundo', currentDatabase(), interaction_local, cityHash64(src));

CREATE TABLE IF NOT EXISTS rollup_hour_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `packets` UInt64,
  `bytes` UInt64,
  `scan` UInt64,
  `backscatter` UInt64,
  `other` UInt64,
  `tool_mirai` UInt64,
  `tool_zmap` UInt64,
  `tool_masscan` UInt64,
  `first_minute` DateTime('UTC'),
  `last_minute` DateTime('UTC'),
  `sources` AggregateFunction(uniqCombined64(14), IPv6),
  `block` UInt64,
  `sources_count` UInt64 MATERIALIZED finalizeAggregation(sources)
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/rollup_hour_local', '{replica}')
PARTITION BY toYYYYMMDD(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, key, bin)
ORDER BY (organisation, dimension, scope, sensor, key, bin, research)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 256, min_age_to_force_merge_seconds = 10800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rollup_hour ON CLUSTER hirundo AS rollup_hour_local
ENGINE = Distributed('hirundo', currentDatabase(), rollup_hour_local, cityHash64(key));

CREATE TABLE IF NOT EXISTS staging_rollup_hour ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `packets` UInt64,
  `bytes` UInt64,
  `scan` UInt64,
  `backscatter` UInt64,
  `other` UInt64,
  `tool_mirai` UInt64,
  `tool_zmap` UInt64,
  `tool_masscan` UInt64,
  `first_minute` DateTime('UTC'),
  `last_minute` DateTime('UTC'),
  `sources` AggregateFunction(uniqCombined64(14), IPv6),
  `block` UInt64,
  `sources_count` UInt64 MATERIALIZED finalizeAggregation(sources)
) ENGINE = MergeTree
PARTITION BY toYYYYMMDD(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, key, bin)
ORDER BY (organisation, dimension, scope, sensor, key, bin, research)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 256, min_age_to_force_merge_seconds = 10800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rank_hour_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `rank` UInt32,
  `packets` UInt64
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/rank_hour_local', '{replica}')
PARTITION BY toYYYYMMDD(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, bin, research)
ORDER BY (organisation, dimension, scope, sensor, bin, research, rank)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 256, min_age_to_force_merge_seconds = 10800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rank_hour ON CLUSTER hirundo AS rank_hour_local
ENGINE = Distributed('hirundo', currentDatabase(), rank_hour_local, cityHash64(key));

CREATE TABLE IF NOT EXISTS staging_rank_hour ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `rank` UInt32,
  `packets` UInt64
) ENGINE = MergeTree
PARTITION BY toYYYYMMDD(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, bin, research)
ORDER BY (organisation, dimension, scope, sensor, bin, research, rank)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 256, min_age_to_force_merge_seconds = 10800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS coverage_hour_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `bin` DateTime('UTC'),
  `minutes` UInt32,
  `observed_s` UInt64,
  `dropped` UInt64,
  `last_minute` DateTime('UTC'),
  `block` UInt64
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/coverage_hour_local', '{replica}')
PARTITION BY toYYYYMMDD(bin)
ORDER BY (organisation, bin, sensor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 8192, min_age_to_force_merge_seconds = 10800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS coverage_hour ON CLUSTER hirundo AS coverage_hour_local
ENGINE = Distributed('hirundo', currentDatabase(), coverage_hour_local, sensor);

CREATE TABLE IF NOT EXISTS staging_coverage_hour ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `bin` DateTime('UTC'),
  `minutes` UInt32,
  `observed_s` UInt64,
  `dropped` UInt64,
  `last_minute` DateTime('UTC'),
  `block` UInt64
) ENGINE = MergeTree
PARTITION BY toYYYYMMDD(bin)
ORDER BY (organisation, bin, sensor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 8192, min_age_to_force_merge_seconds = 10800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rollup_day_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `packets` UInt64,
  `bytes` UInt64,
  `scan` UInt64,
  `backscatter` UInt64,
  `other` UInt64,
  `tool_mirai` UInt64,
  `tool_zmap` UInt64,
  `tool_masscan` UInt64,
  `first_minute` DateTime('UTC'),
  `last_minute` DateTime('UTC'),
  `sources` AggregateFunction(uniqCombined64(14), IPv6),
  `block` UInt64,
  `sources_count` UInt64 MATERIALIZED finalizeAggregation(sources)
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/rollup_day_local', '{replica}')
PARTITION BY toYYYYMM(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, key, bin)
ORDER BY (organisation, dimension, scope, sensor, key, bin, research)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 256, min_age_to_force_merge_seconds = 100800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rollup_day ON CLUSTER hirundo AS rollup_day_local
ENGINE = Distributed('hirundo', currentDatabase(), rollup_day_local, cityHash64(key));

CREATE TABLE IF NOT EXISTS staging_rollup_day ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `packets` UInt64,
  `bytes` UInt64,
  `scan` UInt64,
  `backscatter` UInt64,
  `other` UInt64,
  `tool_mirai` UInt64,
  `tool_zmap` UInt64,
  `tool_masscan` UInt64,
  `first_minute` DateTime('UTC'),
  `last_minute` DateTime('UTC'),
  `sources` AggregateFunction(uniqCombined64(14), IPv6),
  `block` UInt64,
  `sources_count` UInt64 MATERIALIZED finalizeAggregation(sources)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, key, bin)
ORDER BY (organisation, dimension, scope, sensor, key, bin, research)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 256, min_age_to_force_merge_seconds = 100800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rank_day_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `rank` UInt32,
  `packets` UInt64
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/rank_day_local', '{replica}')
PARTITION BY toYYYYMM(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, bin, research)
ORDER BY (organisation, dimension, scope, sensor, bin, research, rank)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 256, min_age_to_force_merge_seconds = 100800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rank_day ON CLUSTER hirundo AS rank_day_local
ENGINE = Distributed('hirundo', currentDatabase(), rank_day_local, cityHash64(key));

CREATE TABLE IF NOT EXISTS staging_rank_day ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `rank` UInt32,
  `packets` UInt64
) ENGINE = MergeTree
PARTITION BY toYYYYMM(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, bin, research)
ORDER BY (organisation, dimension, scope, sensor, bin, research, rank)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 256, min_age_to_force_merge_seconds = 100800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS coverage_day_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `bin` DateTime('UTC'),
  `minutes` UInt32,
  `observed_s` UInt64,
  `dropped` UInt64,
  `last_minute` DateTime('UTC'),
  `block` UInt64
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/coverage_day_local', '{replica}')
PARTITION BY toYYYYMM(bin)
ORDER BY (organisation, bin, sensor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 8192, min_age_to_force_merge_seconds = 100800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS coverage_day ON CLUSTER hirundo AS coverage_day_local
ENGINE = Distributed('hirundo', currentDatabase(), coverage_day_local, sensor);

CREATE TABLE IF NOT EXISTS staging_coverage_day ON CLUSTER hirundo (
  `organisation` UInt32,
  `sensor` UInt32,
  `bin` DateTime('UTC'),
  `minutes` UInt32,
  `observed_s` UInt64,
  `dropped` UInt64,
  `last_minute` DateTime('UTC'),
  `block` UInt64
) ENGINE = MergeTree
PARTITION BY toYYYYMM(bin)
ORDER BY (organisation, bin, sensor)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 8192, min_age_to_force_merge_seconds = 100800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rollup_month_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `packets` UInt64,
  `bytes` UInt64,
  `scan` UInt64,
  `backscatter` UInt64,
  `other` UInt64,
  `tool_mirai` UInt64,
  `tool_zmap` UInt64,
  `tool_masscan` UInt64,
  `first_minute` DateTime('UTC'),
  `last_minute` DateTime('UTC'),
  `sources` AggregateFunction(uniqCombined64(14), IPv6),
  `block` UInt64,
  `sources_count` UInt64 MATERIALIZED finalizeAggregation(sources)
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/rollup_month_local', '{replica}')
PARTITION BY toYYYYMM(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, key, bin)
ORDER BY (organisation, dimension, scope, sensor, key, bin, research)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 64, min_age_to_force_merge_seconds = 100800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rollup_month ON CLUSTER hirundo AS rollup_month_local
ENGINE = Distributed('hirundo', currentDatabase(), rollup_month_local, cityHash64(key));

CREATE TABLE IF NOT EXISTS staging_rollup_month ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `packets` UInt64,
  `bytes` UInt64,
  `scan` UInt64,
  `backscatter` UInt64,
  `other` UInt64,
  `tool_mirai` UInt64,
  `tool_zmap` UInt64,
  `tool_masscan` UInt64,
  `first_minute` DateTime('UTC'),
  `last_minute` DateTime('UTC'),
  `sources` AggregateFunction(uniqCombined64(14), IPv6),
  `block` UInt64,
  `sources_count` UInt64 MATERIALIZED finalizeAggregation(sources)
) ENGINE = MergeTree
PARTITION BY toYYYYMM(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, key, bin)
ORDER BY (organisation, dimension, scope, sensor, key, bin, research)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 64, min_age_to_force_merge_seconds = 100800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rank_month_local ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `rank` UInt32,
  `packets` UInt64
) ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/rank_month_local', '{replica}')
PARTITION BY toYYYYMM(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, bin, research)
ORDER BY (organisation, dimension, scope, sensor, bin, research, rank)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 256, min_age_to_force_merge_seconds = 100800, min_age_to_force_merge_on_partition_only = 1;

CREATE TABLE IF NOT EXISTS rank_month ON CLUSTER hirundo AS rank_month_local
ENGINE = Distributed('hirundo', currentDatabase(), rank_month_local, cityHash64(key));

CREATE TABLE IF NOT EXISTS staging_rank_month ON CLUSTER hirundo (
  `organisation` UInt32,
  `dimension` UInt8,
  `scope` UInt32,
  `sensor` UInt32,
  `key` IPv6,
  `bin` DateTime('UTC'),
  `research` UInt8,
  `rank` UInt32,
  `packets` UInt64
) ENGINE = MergeTree
PARTITION BY toYYYYMM(bin)
PRIMARY KEY (organisation, dimension, scope, sensor, bin, research)
ORDER BY (organisation, dimension, scope, sensor, bin, research, rank)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1, index_granularity = 256, min_age_to_force_merge_seconds = 100800, min_age_to_force_merge_on_partition_only = 1;
