import { withoutTraces, withTraces } from '../config/traces.ts';
import { OrchError } from '../model/errors.ts';
import { loadedNodes, type Plan } from '../run/plan.ts';
import type { RunRequest } from './run-request.ts';

/**
 * The request with a config that says of which run the traces of its requests are, if they have any: those over HTTP can.
 * @throws OrchError `usage` where traces were asked for, and none can be
 */
export function settleTraces(request: RunRequest, plan: Plan): RunRequest {
  const { loaded, traceparent } = request;
  const isWished = traceparent || (loaded.config.load.traceparent ?? false) !== false;
  if (!isWished) return request;
  const canBe = loadedNodes(plan).some(({ kind }) => kind === 'http');
  if (traceparent && !canBe)
    throw new OrchError('usage', '--traceparent: the scenario sends no HTTP request', {
      hint: 'Only HTTP has a header for traces: leave it out.',
    });
  const config = canBe ? withTraces(loaded.config) : withoutTraces(loaded.config);
  return { ...request, loaded: { ...loaded, config } };
}
