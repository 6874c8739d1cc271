/** How a picture is asked for on each platform, and how host names are resolved. */

/** All IP addresses of a host name. */
export type Resolve = (hostname: string, signal: AbortSignal) => Promise<readonly string[]>;

export interface ConnectionRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Throws for an address that must not be connected to. */
  readonly checkAddress: (address: string) => void;
  /** Replaces the platform's own resolver. */
  readonly resolve?: Resolve;
}

export interface ConnectionResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Pieces of the body. Leaving the loop early closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Closes the connection without reading the body. */
  close(): void;
}

/** Sends one GET request, without following redirects. */
export type Connect = (url: URL, request: ConnectionRequest) => Promise<ConnectionResponse>;
