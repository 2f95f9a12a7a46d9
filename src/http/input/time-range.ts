import { Invalid } from './invalid';

/** Parses `start_time`: a date alone means its first second. Wall clock in UTC+8. @throws Invalid */
export function startOf(raw: unknown): string {
  return dateTime(raw, '00:00:00');
}

/** Parses `end_time`: a date alone means its last second. Wall clock in UTC+8. @throws Invalid */
export function endOf(raw: unknown): string {
  return dateTime(raw, '23:59:59');
}

function dateTime(raw: unknown, timeOfBareDate: string): string {
  const match = typeof raw === 'string' && /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2}))?$/.exec(raw.trim());
  if (!match) throw new Invalid('必须是 YYYY-MM-DD HH:mm:ss 或 YYYY-MM-DD');
  const text = `${match[1]} ${match[2] ?? timeOfBareDate}`;
  // Date turns a date that does not exist (02-30, 24:00:00) into another one or into none.
  const instant = new Date(`${text.replace(' ', 'T')}Z`);
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text.replace(' ', 'T'));
  if (!exists) throw new Invalid('不是存在的日期时间');
  return text;
}
