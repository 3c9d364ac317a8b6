/** What an audit of dependencies came to; `unknown` when the registry did not say. */
export type Audit =
  | { readonly kind: 'clean' }
  | { readonly kind: 'vulnerable'; readonly packages: readonly string[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Reads what `npm audit --json` printed: which packages have a vulnerability of severity high or critical. */
export function auditOf(printed: string): Audit {
  const { vulnerabilities, message } = parsed(printed);
  if (vulnerabilities === undefined) return { kind: 'unknown', reason: message ?? 'npm audit printed no result' };
  const packages = Object.entries(vulnerabilities).flatMap(([name, { severity }]) =>
    severity === 'high' || severity === 'critical' ? [`${name} (${severity})`] : [],
  );
  return packages.length === 0 ? { kind: 'clean' } : { kind: 'vulnerable', packages };
}

interface Printed {
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string }>>;
  readonly message?: string;
}

function parsed(printed: string): Printed {
  try {
    return JSON.parse(printed);
  } catch {
    return {};
  }
}
