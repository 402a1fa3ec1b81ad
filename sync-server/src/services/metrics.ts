import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What the server counts. The labels are few and fixed: a route's pattern, never an address or a person. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<'route' | 'method' | 'status'>;
  readonly seconds: Histogram<'route'>;
  readonly changesRows: Counter<'outcome'>;
  readonly writes: Counter<'outcome'>;
  readonly signIns: Counter<'outcome'>;
  readonly graded: Counter<'outcome'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    requests: new Counter({
      name: 'darasa_http_requests_total',
      help: 'Requests answered',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    seconds: new Histogram({
      name: 'darasa_http_request_seconds',
      help: 'Time until the answer began',
      labelNames: ['route'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    }),
    changesRows: new Counter({
      name: 'darasa_changes_rows_total',
      help: 'Rows of feeds, passed on or filtered out',
      labelNames: ['outcome'],
      registers,
    }),
    writes: new Counter({
      name: 'darasa_writes_total',
      help: 'Documents that people wrote, by what became of them',
      labelNames: ['outcome'],
      registers,
    }),
    signIns: new Counter({ name: 'darasa_sign_ins_total', help: 'Sign-ins by outcome', labelNames: ['outcome'], registers }),
    graded: new Counter({ name: 'darasa_graded_total', help: 'Attempts graded by the server', labelNames: ['outcome'], registers }),
  };
}
