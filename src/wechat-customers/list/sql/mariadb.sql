-- Generated: what getList asks the database for, filter by filter. Do not edit; npm run sql writes it anew.
-- A page is read in list order, or, when at most 3,000 follows pass, side by side.


-- ==== no filter ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'period:'
          AND       subset <= 'period;'
          ) AS total;

-- ==== status lost ====
-- page, in list order
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.status = -1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_dim)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.status = -1
AND       wechat_follow.status IN (1, -1)
AND       wechat_follow.add_way IN ('1', '202')
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       status = -1
          AND       subset >= 'period:'
          AND       subset <= 'period;'
          ) AS total;
-- what occurs, for a page side by side
SELECT    DISTINCT status,
          add_way
FROM      wechat_follow_count
WHERE     uniacid = 2
AND       crop_id = 1
AND       status = -1
AND       subset >= 'period:'
AND       subset <= 'period;'
AND       n > 0;

-- ==== way of adding ====
-- page, in list order
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.add_way = '202'
AND       OCTET_LENGTH(wechat_follow.add_way) = OCTET_LENGTH('202')
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_dim)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.add_way = '202'
AND       OCTET_LENGTH(wechat_follow.add_way) = OCTET_LENGTH('202')
AND       wechat_follow.status IN (1, -1)
AND       wechat_follow.add_way IN ('1', '202')
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       add_way = '202'
          AND       OCTET_LENGTH(add_way) = OCTET_LENGTH('202')
          AND       subset >= 'period:'
          AND       subset <= 'period;'
          ) AS total;
-- what occurs, for a page side by side
SELECT    DISTINCT status,
          add_way
FROM      wechat_follow_count
WHERE     uniacid = 2
AND       crop_id = 1
AND       add_way = '202'
AND       OCTET_LENGTH(add_way) = OCTET_LENGTH('202')
AND       subset >= 'period:'
AND       subset <= 'period;'
AND       n > 0;

-- ==== type WeCom ====
-- page, in list order
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.external_type = 2
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_dim)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.external_type = 2
AND       wechat_follow.status IN (1, -1)
AND       wechat_follow.add_way IN ('1', '202')
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       external_type = 2
          AND       subset >= 'period:'
          AND       subset <= 'period;'
          ) AS total;
-- what occurs, for a page side by side
SELECT    DISTINCT status,
          add_way
FROM      wechat_follow_count
WHERE     uniacid = 2
AND       crop_id = 1
AND       external_type = 2
AND       subset >= 'period:'
AND       subset <= 'period;'
AND       n > 0;

-- ==== type, way of adding and status ====
-- page, in list order
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.add_way = '202'
AND       OCTET_LENGTH(wechat_follow.add_way) = OCTET_LENGTH('202')
AND       wechat_follow.external_type = 2
AND       wechat_follow.status = -1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_dim)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.add_way = '202'
AND       OCTET_LENGTH(wechat_follow.add_way) = OCTET_LENGTH('202')
AND       wechat_follow.external_type = 2
AND       wechat_follow.status = -1
AND       wechat_follow.status IN (1, -1)
AND       wechat_follow.add_way IN ('1', '202')
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       status = -1
          AND       add_way = '202'
          AND       OCTET_LENGTH(add_way) = OCTET_LENGTH('202')
          AND       external_type = 2
          AND       subset >= 'period:'
          AND       subset <= 'period;'
          ) AS total;
-- what occurs, for a page side by side
SELECT    DISTINCT status,
          add_way
FROM      wechat_follow_count
WHERE     uniacid = 2
AND       crop_id = 1
AND       status = -1
AND       add_way = '202'
AND       OCTET_LENGTH(add_way) = OCTET_LENGTH('202')
AND       external_type = 2
AND       subset >= 'period:'
AND       subset <= 'period;'
AND       n > 0;

-- ==== no member bound ====
-- page, in list order
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.customer_uid = 0
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_member)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.customer_uid = 0
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'unbound'
          AND       subset <= 'unbound'
          ) AS total;

-- ==== a member ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_member)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.customer_uid = 3061
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    wechat_follow.id AS id
                    FROM      wechat_follow FORCE INDEX (ix_follow_member)
                    WHERE     wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.customer_uid = 3061
                    ) AS found
          ) AS total;

-- ==== a member, last month ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_member)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.customer_uid = 3061
AND       wechat_follow.createtime >= 1764518400
AND       wechat_follow.createtime <= 1767196799
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    wechat_follow.id AS id
                    FROM      wechat_follow FORCE INDEX (ix_follow_member)
                    WHERE     wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.customer_uid = 3061
                    AND       wechat_follow.createtime >= 1764518400
                    AND       wechat_follow.createtime <= 1767196799
                    ) AS found
          ) AS total;

-- ==== an owner ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_owner)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.userid = 'LiLei'
AND       OCTET_LENGTH(wechat_follow.userid) = OCTET_LENGTH('LiLei')
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'owner:LiLei'
          AND       subset <= 'owner:LiLei'
          ) AS total;

-- ==== an owner, status, last year ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_owner)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.userid = 'LiLei'
AND       OCTET_LENGTH(wechat_follow.userid) = OCTET_LENGTH('LiLei')
AND       wechat_follow.status = -1
AND       wechat_follow.createtime >= 1735660800
AND       wechat_follow.createtime <= 1767196799
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    wechat_follow.id AS id
                    FROM      wechat_follow FORCE INDEX (ix_follow_owner)
                    WHERE     wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.userid = 'LiLei'
                    AND       OCTET_LENGTH(wechat_follow.userid) = OCTET_LENGTH('LiLei')
                    AND       wechat_follow.status = -1
                    AND       wechat_follow.createtime >= 1735660800
                    AND       wechat_follow.createtime <= 1767196799
                    ) AS found
          ) AS total;

-- ==== tag A ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_tag entry_0
WHERE     entry_0.tag_pk = 11
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'tag:11'
          AND       subset <= 'tag:11'
          ) AS total;

-- ==== tag A and status ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_tag entry_0
STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
WHERE     entry_0.tag_pk = 11
AND       wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.status = -1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       status = -1
          AND       subset >= 'tag:11'
          AND       subset <= 'tag:11'
          ) AS total;

-- ==== tag A and last month ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_time)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1764518400
AND       wechat_follow.createtime <= 1767196799
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 11
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) = 1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    wechat_follow.id AS id
                    FROM      wechat_follow FORCE INDEX (ix_follow_time)
                    WHERE     wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.createtime >= 1764518400
                    AND       wechat_follow.createtime <= 1767196799
                    AND       (
                              SELECT    1
                              FROM      wechat_follow_tag worn
                              WHERE     worn.tag_pk = 11
                              AND       worn.follow_id = wechat_follow.id
                              LIMIT     1
                              ) = 1
                    ) AS found
          ) AS total;

-- ==== tag A and last year ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_tag entry_0
STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
WHERE     entry_0.tag_pk = 11
AND       wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1735660800
AND       wechat_follow.createtime <= 1767196799
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_tag entry_0
                    STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
                    WHERE     entry_0.tag_pk = 11
                    AND       wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.createtime >= 1735660800
                    AND       wechat_follow.createtime <= 1767196799
                    ) AS found
          ) AS total;

-- ==== tag A or B ====
-- page, in list order
SELECT    id
FROM      (
          SELECT    entry_0.follow_id AS id
          FROM      wechat_follow_tag entry_0
          WHERE     entry_0.tag_pk = 11
          ORDER BY  id DESC
          LIMIT     45
          OFFSET    0
          ) AS found_0
UNION
SELECT    id
FROM      (
          SELECT    entry_0.follow_id AS id
          FROM      wechat_follow_tag entry_0
          WHERE     entry_0.tag_pk = 12
          ORDER BY  id DESC
          LIMIT     45
          OFFSET    0
          ) AS found_1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    DISTINCT entry_0.follow_id AS id
FROM      wechat_follow_tag entry_0
WHERE     entry_0.tag_pk IN (11, 12)
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    DISTINCT entry_0.follow_id AS id
                    FROM      wechat_follow_tag entry_0
                    WHERE     entry_0.tag_pk IN (11, 12)
                    ) AS found
          ) AS total;

-- ==== tag A or B, last month ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_time)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1764518400
AND       wechat_follow.createtime <= 1767196799
AND       (
          (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 11
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) = 1
OR        (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 12
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) = 1
          )
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    wechat_follow.id AS id
                    FROM      wechat_follow FORCE INDEX (ix_follow_time)
                    WHERE     wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.createtime >= 1764518400
                    AND       wechat_follow.createtime <= 1767196799
                    AND       (
                              (
                              SELECT    1
                              FROM      wechat_follow_tag worn
                              WHERE     worn.tag_pk = 11
                              AND       worn.follow_id = wechat_follow.id
                              LIMIT     1
                              ) = 1
                    OR        (
                              SELECT    1
                              FROM      wechat_follow_tag worn
                              WHERE     worn.tag_pk = 12
                              AND       worn.follow_id = wechat_follow.id
                              LIMIT     1
                              ) = 1
                              )
                    ) AS found
          ) AS total;

-- ==== any of ten tags ====
-- page, in list order
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn FORCE INDEX (ix_follow_tag_follow)
          WHERE     worn.tag_pk IN (11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) = 1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    DISTINCT entry_0.follow_id AS id
FROM      wechat_follow_tag entry_0
WHERE     entry_0.tag_pk IN (11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    DISTINCT entry_0.follow_id AS id
                    FROM      wechat_follow_tag entry_0
                    WHERE     entry_0.tag_pk IN (11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
                    ) AS found
          ) AS total;

-- ==== any of ten tags and a remark ====
-- page, in list order
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 4444683013056
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn FORCE INDEX (ix_follow_tag_follow)
          WHERE     worn.tag_pk IN (11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
          AND       worn.follow_id = entry_0.follow_id
          LIMIT     1
          ) = 1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    DISTINCT entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
JOIN      wechat_follow_tag entry_1 ON entry_1.follow_id = entry_0.follow_id
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 4444683013056
AND       entry_1.tag_pk IN (11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    DISTINCT entry_0.follow_id AS id
                    FROM      wechat_follow_term entry_0
                    JOIN      wechat_follow_tag entry_1 ON entry_1.follow_id = entry_0.follow_id
                    WHERE     entry_0.uniacid = 2
                    AND       entry_0.crop_id = 1
                    AND       entry_0.term = 4444683013056
                    AND       entry_1.tag_pk IN (11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
                    ) AS found
          ) AS total;

-- ==== tags A and B ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_tag entry_0
JOIN      wechat_follow_tag entry_1 ON entry_1.follow_id = entry_0.follow_id
WHERE     entry_0.tag_pk = 11
AND       entry_1.tag_pk = 12
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_tag entry_0
                    JOIN      wechat_follow_tag entry_1 ON entry_1.follow_id = entry_0.follow_id
                    WHERE     entry_0.tag_pk = 11
                    AND       entry_1.tag_pk = 12
                    ) AS found
          ) AS total;

-- ==== all of ten tags ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_tag entry_0
JOIN      wechat_follow_tag entry_1 ON entry_1.follow_id = entry_0.follow_id
JOIN      wechat_follow_tag entry_2 ON entry_2.follow_id = entry_0.follow_id
JOIN      wechat_follow_tag entry_3 ON entry_3.follow_id = entry_0.follow_id
JOIN      wechat_follow_tag entry_4 ON entry_4.follow_id = entry_0.follow_id
JOIN      wechat_follow_tag entry_5 ON entry_5.follow_id = entry_0.follow_id
WHERE     entry_0.tag_pk = 11
AND       entry_1.tag_pk = 12
AND       entry_2.tag_pk = 13
AND       entry_3.tag_pk = 14
AND       entry_4.tag_pk = 15
AND       entry_5.tag_pk = 16
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 17
          AND       worn.follow_id = entry_0.follow_id
          LIMIT     1
          ) = 1
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 18
          AND       worn.follow_id = entry_0.follow_id
          LIMIT     1
          ) = 1
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 19
          AND       worn.follow_id = entry_0.follow_id
          LIMIT     1
          ) = 1
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 20
          AND       worn.follow_id = entry_0.follow_id
          LIMIT     1
          ) = 1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_tag entry_0
                    JOIN      wechat_follow_tag entry_1 ON entry_1.follow_id = entry_0.follow_id
                    JOIN      wechat_follow_tag entry_2 ON entry_2.follow_id = entry_0.follow_id
                    JOIN      wechat_follow_tag entry_3 ON entry_3.follow_id = entry_0.follow_id
                    JOIN      wechat_follow_tag entry_4 ON entry_4.follow_id = entry_0.follow_id
                    JOIN      wechat_follow_tag entry_5 ON entry_5.follow_id = entry_0.follow_id
                    WHERE     entry_0.tag_pk = 11
                    AND       entry_1.tag_pk = 12
                    AND       entry_2.tag_pk = 13
                    AND       entry_3.tag_pk = 14
                    AND       entry_4.tag_pk = 15
                    AND       entry_5.tag_pk = 16
                    AND       (
                              SELECT    1
                              FROM      wechat_follow_tag worn
                              WHERE     worn.tag_pk = 17
                              AND       worn.follow_id = entry_0.follow_id
                              LIMIT     1
                              ) = 1
                    AND       (
                              SELECT    1
                              FROM      wechat_follow_tag worn
                              WHERE     worn.tag_pk = 18
                              AND       worn.follow_id = entry_0.follow_id
                              LIMIT     1
                              ) = 1
                    AND       (
                              SELECT    1
                              FROM      wechat_follow_tag worn
                              WHERE     worn.tag_pk = 19
                              AND       worn.follow_id = entry_0.follow_id
                              LIMIT     1
                              ) = 1
                    AND       (
                              SELECT    1
                              FROM      wechat_follow_tag worn
                              WHERE     worn.tag_pk = 20
                              AND       worn.follow_id = entry_0.follow_id
                              LIMIT     1
                              ) = 1
                    ) AS found
          ) AS total;

-- ==== not tag A ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 11
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) IS NULL
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'period:'
          AND       subset <= 'period;'
          ) - (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'tag:11'
          AND       subset <= 'tag:11'
          ) AS total;

-- ==== neither tag A nor B, status ====
-- page, in list order
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.status = 1
AND       (
          (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 11
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) IS NULL
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 12
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) IS NULL
          )
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_dim)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.status = 1
AND       wechat_follow.status IN (1, -1)
AND       wechat_follow.add_way IN ('1', '202')
AND       (
          (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 11
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) IS NULL
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 12
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) IS NULL
          )
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       status = 1
          AND       subset >= 'period:'
          AND       subset <= 'period;'
          ) - (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    DISTINCT entry_0.follow_id AS id
                    FROM      wechat_follow_tag entry_0
                    STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
                    WHERE     entry_0.tag_pk IN (11, 12)
                    AND       wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.status = 1
                    ) AS found
          ) AS total;
-- what occurs, for a page side by side
SELECT    DISTINCT status,
          add_way
FROM      wechat_follow_count
WHERE     uniacid = 2
AND       crop_id = 1
AND       status = 1
AND       subset >= 'period:'
AND       subset <= 'period;'
AND       n > 0;

-- ==== none of ten tags ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn FORCE INDEX (ix_follow_tag_follow)
          WHERE     worn.tag_pk IN (11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) IS NULL
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'period:'
          AND       subset <= 'period;'
          ) - (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    DISTINCT entry_0.follow_id AS id
                    FROM      wechat_follow_tag entry_0
                    WHERE     entry_0.tag_pk IN (11, 12, 13, 14, 15, 16, 17, 18, 19, 20)
                    ) AS found
          ) AS total;

-- ==== no tag ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 0
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'untagged'
          AND       subset <= 'untagged'
          ) AS total;

-- ==== no tag, an owner ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_owner)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.userid = 'LiLei'
AND       OCTET_LENGTH(wechat_follow.userid) = OCTET_LENGTH('LiLei')
AND       (
          SELECT    1
          FROM      wechat_follow_term worn
          WHERE     worn.uniacid = 2
          AND       worn.crop_id = 1
          AND       worn.term = 0
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) = 1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    wechat_follow.id AS id
                    FROM      wechat_follow FORCE INDEX (ix_follow_owner)
                    WHERE     wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.userid = 'LiLei'
                    AND       OCTET_LENGTH(wechat_follow.userid) = OCTET_LENGTH('LiLei')
                    AND       (
                              SELECT    1
                              FROM      wechat_follow_term worn
                              WHERE     worn.uniacid = 2
                              AND       worn.crop_id = 1
                              AND       worn.term = 0
                              AND       worn.follow_id = wechat_follow.id
                              LIMIT     1
                              ) = 1
                    ) AS found
          ) AS total;

-- ==== a tag that the enterprise has not ====
-- page
SELECT    id
FROM      wechat_follow
WHERE     1 = 0;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    id
                    FROM      wechat_follow
                    WHERE     1 = 0
                    ) AS found
          ) AS total;

-- ==== an owner and tag A ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_owner)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.userid = 'LiLei'
AND       OCTET_LENGTH(wechat_follow.userid) = OCTET_LENGTH('LiLei')
AND       (
          SELECT    1
          FROM      wechat_follow_tag worn
          WHERE     worn.tag_pk = 11
          AND       worn.follow_id = wechat_follow.id
          LIMIT     1
          ) = 1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    wechat_follow.id AS id
                    FROM      wechat_follow FORCE INDEX (ix_follow_owner)
                    WHERE     wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.userid = 'LiLei'
                    AND       OCTET_LENGTH(wechat_follow.userid) = OCTET_LENGTH('LiLei')
                    AND       (
                              SELECT    1
                              FROM      wechat_follow_tag worn
                              WHERE     worn.tag_pk = 11
                              AND       worn.follow_id = wechat_follow.id
                              LIMIT     1
                              ) = 1
                    ) AS found
          ) AS total;

-- ==== last month ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_time)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1764518400
AND       wechat_follow.createtime <= 1767196799
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      wechat_follow FORCE INDEX (ix_follow_time)
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       deleted_at IS NULL
          AND       createtime >= 1764518400
          AND       createtime <= 1767196799
          ) AS total;

-- ==== last month, status ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_time)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.status = 1
AND       wechat_follow.createtime >= 1764518400
AND       wechat_follow.createtime <= 1767196799
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      wechat_follow FORCE INDEX (ix_follow_time)
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       status = 1
          AND       deleted_at IS NULL
          AND       createtime >= 1764518400
          AND       createtime <= 1767196799
          ) AS total;

-- ==== last year ====
-- page, in list order
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1735660800
AND       wechat_follow.createtime <= 1767196799
AND       wechat_follow.id <= 900000
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_time)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1735660800
AND       wechat_follow.createtime <= 1767196799
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'period:0000000670'
          AND       subset <= 'period:0000000680'
          ) + (
          SELECT    COUNT(*)
          FROM      wechat_follow FORCE INDEX (ix_follow_time)
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       deleted_at IS NULL
          AND       createtime >= 1735660800
          AND       createtime <= 1736639999
          ) + (
          SELECT    COUNT(*)
          FROM      wechat_follow FORCE INDEX (ix_follow_time)
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       deleted_at IS NULL
          AND       createtime >= 1765152000
          AND       createtime <= 1767196799
          ) AS total;
-- where a page in list order begins
SELECT    COALESCE(MAX(newest_id), 0) AS newestId
FROM      wechat_follow_count
WHERE     uniacid = 2
AND       crop_id = 1
AND       subset >= 'period:'
AND       subset <= 'period:0000000681';

-- ==== from a moment on ====
-- page, in list order
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1767196800
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_time)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1767196800
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'period:0000000682'
          AND       subset <= 'period;'
          ) + (
          SELECT    COUNT(*)
          FROM      wechat_follow FORCE INDEX (ix_follow_time)
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       deleted_at IS NULL
          AND       createtime >= 1767196800
          AND       createtime <= 1767743999
          ) AS total;

-- ==== up to a moment ====
-- page, in list order
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_scan)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime <= 1767196800
AND       wechat_follow.id <= 900000
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- page, side by side
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_time)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime <= 1767196800
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COALESCE(SUM(n), 0)
          FROM      wechat_follow_count
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       subset >= 'period:'
          AND       subset <= 'period:0000000680'
          ) + (
          SELECT    COUNT(*)
          FROM      wechat_follow FORCE INDEX (ix_follow_time)
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       deleted_at IS NULL
          AND       createtime >= 1765152000
          AND       createtime <= 1767196800
          ) AS total;
-- where a page in list order begins
SELECT    COALESCE(MAX(newest_id), 0) AS newestId
FROM      wechat_follow_count
WHERE     uniacid = 2
AND       crop_id = 1
AND       subset >= 'period:'
AND       subset <= 'period:0000000681';

-- ==== two days ====
-- page
SELECT    wechat_follow.id AS id
FROM      wechat_follow FORCE INDEX (ix_follow_time)
WHERE     wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1767196800
AND       wechat_follow.createtime <= 1767369600
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      wechat_follow FORCE INDEX (ix_follow_time)
          WHERE     uniacid = 2
          AND       crop_id = 1
          AND       deleted_at IS NULL
          AND       createtime >= 1767196800
          AND       createtime <= 1767369600
          ) AS total;

-- ==== customer, one character ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 8858124681216
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_term entry_0
                    WHERE     entry_0.uniacid = 2
                    AND       entry_0.crop_id = 1
                    AND       entry_0.term = 8858124681216
                    ) AS found
          ) AS total;

-- ==== customer, two characters ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 8858124707343
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_term entry_0
                    WHERE     entry_0.uniacid = 2
                    AND       entry_0.crop_id = 1
                    AND       entry_0.term = 8858124707343
                    ) AS found
          ) AS total;

-- ==== customer, three characters ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
JOIN      wechat_follow_term entry_1 ON entry_1.follow_id = entry_0.follow_id
STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
STRAIGHT_JOIN wechat_customer ON wechat_customer.uniacid = wechat_follow.uniacid
AND       wechat_customer.crop_id = wechat_follow.crop_id
AND       wechat_customer.external_userid = wechat_follow.external_userid
AND       OCTET_LENGTH(wechat_customer.external_userid) = OCTET_LENGTH(wechat_follow.external_userid)
AND       wechat_customer.deleted_at IS NULL
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 8858124704784
AND       entry_1.uniacid = 2
AND       entry_1.crop_id = 1
AND       entry_1.term = 8845516629519
AND       wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       INSTR(LOWER(wechat_customer.name), '王小明') > 0
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_term entry_0
                    JOIN      wechat_follow_term entry_1 ON entry_1.follow_id = entry_0.follow_id
                    STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
                    STRAIGHT_JOIN wechat_customer ON wechat_customer.uniacid = wechat_follow.uniacid
                    AND       wechat_customer.crop_id = wechat_follow.crop_id
                    AND       wechat_customer.external_userid = wechat_follow.external_userid
                    AND       OCTET_LENGTH(wechat_customer.external_userid) = OCTET_LENGTH(wechat_follow.external_userid)
                    AND       wechat_customer.deleted_at IS NULL
                    WHERE     entry_0.uniacid = 2
                    AND       entry_0.crop_id = 1
                    AND       entry_0.term = 8858124704784
                    AND       entry_1.uniacid = 2
                    AND       entry_1.crop_id = 1
                    AND       entry_1.term = 8845516629519
                    AND       wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       INSTR(LOWER(wechat_customer.name), '王小明') > 0
                    ) AS found
          ) AS total;

-- ==== customer by external_userid ====
-- page
SELECT    id
FROM      (
          SELECT    entry_0.follow_id AS id
          FROM      wechat_follow_term entry_0
          JOIN      wechat_follow_term entry_1 ON entry_1.follow_id = entry_0.follow_id
          JOIN      wechat_follow_term entry_2 ON entry_2.follow_id = entry_0.follow_id
          STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
          STRAIGHT_JOIN wechat_customer ON wechat_customer.uniacid = wechat_follow.uniacid
          AND       wechat_customer.crop_id = wechat_follow.crop_id
          AND       wechat_customer.external_userid = wechat_follow.external_userid
          AND       OCTET_LENGTH(wechat_customer.external_userid) = OCTET_LENGTH(wechat_follow.external_userid)
          AND       wechat_customer.deleted_at IS NULL
          WHERE     entry_0.uniacid = 2
          AND       entry_0.crop_id = 1
          AND       entry_0.term = 8796342583406
          AND       entry_1.uniacid = 2
          AND       entry_1.crop_id = 1
          AND       entry_1.term = 8796321611874
          AND       entry_2.uniacid = 2
          AND       entry_2.crop_id = 1
          AND       entry_2.term = 8796296446002
          AND       wechat_follow.uniacid = 2
          AND       wechat_follow.crop_id = 1
          AND       wechat_follow.deleted_at IS NULL
          AND       INSTR(LOWER(wechat_customer.name), 'wma1') > 0
          ORDER BY  id DESC
          LIMIT     45
          OFFSET    0
          ) AS found_0
UNION
SELECT    id
FROM      (
          SELECT    wechat_follow.id AS id
          FROM      wechat_follow FORCE INDEX (ix_follow_contact)
          WHERE     wechat_follow.uniacid = 2
          AND       wechat_follow.crop_id = 1
          AND       wechat_follow.deleted_at IS NULL
          AND       wechat_follow.external_userid = 'wmA1'
          AND       OCTET_LENGTH(wechat_follow.external_userid) = OCTET_LENGTH('wmA1')
          ORDER BY  id DESC
          LIMIT     45
          OFFSET    0
          ) AS found_1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_term entry_0
                    JOIN      wechat_follow_term entry_1 ON entry_1.follow_id = entry_0.follow_id
                    JOIN      wechat_follow_term entry_2 ON entry_2.follow_id = entry_0.follow_id
                    STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
                    STRAIGHT_JOIN wechat_customer ON wechat_customer.uniacid = wechat_follow.uniacid
                    AND       wechat_customer.crop_id = wechat_follow.crop_id
                    AND       wechat_customer.external_userid = wechat_follow.external_userid
                    AND       OCTET_LENGTH(wechat_customer.external_userid) = OCTET_LENGTH(wechat_follow.external_userid)
                    AND       wechat_customer.deleted_at IS NULL
                    WHERE     entry_0.uniacid = 2
                    AND       entry_0.crop_id = 1
                    AND       entry_0.term = 8796342583406
                    AND       entry_1.uniacid = 2
                    AND       entry_1.crop_id = 1
                    AND       entry_1.term = 8796321611874
                    AND       entry_2.uniacid = 2
                    AND       entry_2.crop_id = 1
                    AND       entry_2.term = 8796296446002
                    AND       wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       INSTR(LOWER(wechat_customer.name), 'wma1') > 0
                    UNION
                    SELECT    wechat_follow.id AS id
                    FROM      wechat_follow FORCE INDEX (ix_follow_contact)
                    WHERE     wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.external_userid = 'wmA1'
                    AND       OCTET_LENGTH(wechat_follow.external_userid) = OCTET_LENGTH('wmA1')
                    ) AS found
          ) AS total;

-- ==== customer and status ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 8858124707343
AND       wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.status = -1
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_term entry_0
                    STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
                    WHERE     entry_0.uniacid = 2
                    AND       entry_0.crop_id = 1
                    AND       entry_0.term = 8858124707343
                    AND       wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.status = -1
                    ) AS found
          ) AS total;

-- ==== customer, last month ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 8858124707343
AND       wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1764518400
AND       wechat_follow.createtime <= 1767196799
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_term entry_0
                    STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
                    WHERE     entry_0.uniacid = 2
                    AND       entry_0.crop_id = 1
                    AND       entry_0.term = 8858124707343
                    AND       wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.createtime >= 1764518400
                    AND       wechat_follow.createtime <= 1767196799
                    ) AS found
          ) AS total;

-- ==== remark, two characters ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 4444683013056
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_term entry_0
                    WHERE     entry_0.uniacid = 2
                    AND       entry_0.crop_id = 1
                    AND       entry_0.term = 4444683013056
                    ) AS found
          ) AS total;

-- ==== remark, many characters ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
JOIN      wechat_follow_term entry_1 ON entry_1.follow_id = entry_0.follow_id
JOIN      wechat_follow_term entry_2 ON entry_2.follow_id = entry_0.follow_id
STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 4439943441784
AND       entry_1.uniacid = 2
AND       entry_1.crop_id = 1
AND       entry_1.term = 4473839717664
AND       entry_2.uniacid = 2
AND       entry_2.crop_id = 1
AND       entry_2.term = 4473818730171
AND       wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       INSTR(LOWER(wechat_follow.remark), '上海采购负责人') > 0
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_term entry_0
                    JOIN      wechat_follow_term entry_1 ON entry_1.follow_id = entry_0.follow_id
                    JOIN      wechat_follow_term entry_2 ON entry_2.follow_id = entry_0.follow_id
                    STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
                    WHERE     entry_0.uniacid = 2
                    AND       entry_0.crop_id = 1
                    AND       entry_0.term = 4439943441784
                    AND       entry_1.uniacid = 2
                    AND       entry_1.crop_id = 1
                    AND       entry_1.term = 4473839717664
                    AND       entry_2.uniacid = 2
                    AND       entry_2.crop_id = 1
                    AND       entry_2.term = 4473818730171
                    AND       wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       INSTR(LOWER(wechat_follow.remark), '上海采购负责人') > 0
                    ) AS found
          ) AS total;

-- ==== remark and customer ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_term entry_0
JOIN      wechat_follow_term entry_1 ON entry_1.follow_id = entry_0.follow_id
WHERE     entry_0.uniacid = 2
AND       entry_0.crop_id = 1
AND       entry_0.term = 4444683013056
AND       entry_1.uniacid = 2
AND       entry_1.crop_id = 1
AND       entry_1.term = 8858124707343
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_term entry_0
                    JOIN      wechat_follow_term entry_1 ON entry_1.follow_id = entry_0.follow_id
                    WHERE     entry_0.uniacid = 2
                    AND       entry_0.crop_id = 1
                    AND       entry_0.term = 4444683013056
                    AND       entry_1.uniacid = 2
                    AND       entry_1.crop_id = 1
                    AND       entry_1.term = 8858124707343
                    ) AS found
          ) AS total;

-- ==== remark, tag A and last year ====
-- page
SELECT    entry_0.follow_id AS id
FROM      wechat_follow_tag entry_0
JOIN      wechat_follow_term entry_1 ON entry_1.follow_id = entry_0.follow_id
STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
WHERE     entry_0.tag_pk = 11
AND       entry_1.uniacid = 2
AND       entry_1.crop_id = 1
AND       entry_1.term = 4444683013056
AND       wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
AND       wechat_follow.createtime >= 1735660800
AND       wechat_follow.createtime <= 1767196799
ORDER BY  id DESC
LIMIT     15
OFFSET    30;
-- total
SELECT    (
          SELECT    COUNT(*)
          FROM      (
                    SELECT    entry_0.follow_id AS id
                    FROM      wechat_follow_tag entry_0
                    JOIN      wechat_follow_term entry_1 ON entry_1.follow_id = entry_0.follow_id
                    STRAIGHT_JOIN wechat_follow ON wechat_follow.id = entry_0.follow_id
                    WHERE     entry_0.tag_pk = 11
                    AND       entry_1.uniacid = 2
                    AND       entry_1.crop_id = 1
                    AND       entry_1.term = 4444683013056
                    AND       wechat_follow.uniacid = 2
                    AND       wechat_follow.crop_id = 1
                    AND       wechat_follow.deleted_at IS NULL
                    AND       wechat_follow.createtime >= 1735660800
                    AND       wechat_follow.createtime <= 1767196799
                    ) AS found
          ) AS total;

-- ==== the rows of a page ====
SELECT    wechat_follow.`id`,
          wechat_follow.`uniacid`,
          wechat_follow.`crop_id`,
          wechat_follow.`uid`,
          wechat_follow.`userid`,
          wechat_follow.`external_userid`,
          wechat_follow.`remark`,
          wechat_follow.`description`,
          wechat_follow.`customer_create_time`,
          wechat_follow.`remark_corp_name`,
          wechat_follow.`remark_mobiles`,
          wechat_follow.`oper_userid`,
          wechat_follow.`tag_id`,
          wechat_follow.`createtime`,
          wechat_follow.`add_way`,
          wechat_follow.`state`,
          wechat_follow.`status`,
          wechat_follow.`created_at`,
          wechat_follow.`updated_at`,
          wechat_follow.`deleted_at`,
          wechat_customer.`id`,
          wechat_customer.`uniacid`,
          wechat_customer.`crop_id`,
          wechat_customer.`uid`,
          wechat_customer.`external_userid`,
          wechat_customer.`name`,
          wechat_customer.`avatar`,
          wechat_customer.`external_type`,
          wechat_customer.`gender`,
          wechat_customer.`unionid`,
          wechat_customer.`position`,
          wechat_customer.`corp_name`,
          wechat_customer.`corp_full_name`,
          wechat_customer.`external_profile`,
          wechat_customer.`is_member`,
          wechat_customer.`created_at`,
          wechat_customer.`updated_at`,
          wechat_customer.`deleted_at`
FROM      (
          SELECT    wechat_follow.id AS id
          FROM      wechat_follow FORCE INDEX (ix_follow_scan)
          WHERE     wechat_follow.uniacid = 2
          AND       wechat_follow.crop_id = 1
          AND       wechat_follow.deleted_at IS NULL
          ORDER BY  id DESC
          LIMIT     15
          OFFSET    30
          ) AS page
STRAIGHT_JOIN wechat_follow ON wechat_follow.id = page.id
AND       wechat_follow.uniacid = 2
AND       wechat_follow.crop_id = 1
AND       wechat_follow.deleted_at IS NULL
LEFT JOIN wechat_customer ON wechat_customer.uniacid = wechat_follow.uniacid
AND       wechat_customer.crop_id = wechat_follow.crop_id
AND       wechat_customer.external_userid = wechat_follow.external_userid
AND       OCTET_LENGTH(wechat_customer.external_userid) = OCTET_LENGTH(wechat_follow.external_userid)
AND       wechat_customer.deleted_at IS NULL
ORDER BY  wechat_follow.id DESC;
