/** A failure that the operator can fix; its message is written here and holds no secret. */
export class OperatorError extends Error {}

/**
 * The reason why a program ends, in one line. An error other than OperatorError shows only its name and code: its
 * message may hold credentials or SQL.
 */
export function reasonOf(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  const { name, syscall, code, driverError } = error as NodeJS.ErrnoException & { driverError?: { code?: string } };
  return [name, syscall, code ?? driverError?.code].filter(Boolean).join(' ');
}
