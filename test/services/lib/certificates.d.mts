export interface Certificates {
  /** The authority's certificate, PEM. */
  authority: string;
  authorityFile: string;
  /** Another authority's, PEM: it vouches for nothing here. */
  stranger: string;
  certificateFile: string;
  keyFile: string;
  /** Certificate and key as PKCS#12 with the password STORE_PASSWORD, for servers in Java. */
  storeFile: string;
  /** A copy of the key that only a system user reads. */
  keyOf(user: string): string;
  remove(): void;
}

export declare const STORE_PASSWORD: string;
export declare function makeCertificates(): Promise<Certificates>;
