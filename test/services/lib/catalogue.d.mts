export interface ServerKind {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Variable that names a server to use. */
  readonly env: string;
}
export declare const servers: readonly ServerKind[];
export declare function serverNamed(name: string): ServerKind;
