/** What a link has seen since it was opened. */
export interface LinkCounters {
  /** Connections that were made, and how many of them are still open. */
  connections: number;
  openConnections: number;
  connectionsReset: number;
  connectionsSilenced: number;
  /** Bytes that were passed on to the node, and to who talks to it. */
  bytesIn: number;
  bytesOut: number;
  /** Segments that passed under a `loss`, and how many of them were lost the first time they were sent. */
  segments: number;
  segmentsLost: number;
  /** Requests of an HTTP link, and how many of them met an HTTP fault. */
  requests: number;
  requestsFaulted: number;
}

export function zeroCounters(): LinkCounters {
  return {
    connections: 0,
    openConnections: 0,
    connectionsReset: 0,
    connectionsSilenced: 0,
    bytesIn: 0,
    bytesOut: 0,
    segments: 0,
    segmentsLost: 0,
    requests: 0,
    requestsFaulted: 0,
  };
}
