/** The slots of one endpoint: how many calls it takes now, and whether it takes any. */
import type { ModelEndpoint } from '@myriad/contracts';
import { EndpointHealth } from '../routing/endpoint-health.ts';
import { AdaptiveLimit } from './adaptive-limit.ts';

export class EndpointSlots {
  endpoint: ModelEndpoint;
  readonly health = new EndpointHealth();
  limit: AdaptiveLimit;
  inFlight = 0;
  /** The endpoint asked for silence until then (`Retry-After`). */
  blockedUntil = 0;

  constructor(endpoint: ModelEndpoint) {
    this.endpoint = endpoint;
    this.limit = new AdaptiveLimit({ most: endpoint.concurrency });
  }

  /** Takes over changed settings; what was learned stays unless the width changed. */
  refresh(endpoint: ModelEndpoint): void {
    if (endpoint.concurrency !== this.endpoint.concurrency)
      this.limit = new AdaptiveLimit({ most: endpoint.concurrency });
    this.endpoint = endpoint;
  }

  /** Calls that may be in flight now; 1 while a half-open circuit is probed, 0 while closed off. */
  width(now: number): number {
    if (now < this.blockedUntil) return 0;
    const circuit = this.health.circuit(now);
    if (circuit === 'closed') return this.limit.width;
    return circuit === 'half-open' ? 1 : 0;
  }

  isFree(now: number): boolean {
    return this.inFlight < this.width(now);
  }

  /** When a closed-off endpoint takes calls again; `now` when it is not closed off. */
  opensAt(now: number): number {
    const circuitOpens = this.health.circuit(now) === 'open' ? this.health.openUntil : now;
    return Math.max(now, this.blockedUntil, circuitOpens);
  }
}
