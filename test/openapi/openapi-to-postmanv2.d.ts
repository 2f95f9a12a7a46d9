declare module 'openapi-to-postmanv2' {
  export function convert(
    source: { type: 'json'; data: object },
    options: Record<string, unknown>,
    done: (error: Error | null, result: { result: boolean; reason?: string; output: { data: unknown }[] }) => void,
  ): void;
}
