/** Ports that nobody listens on, below the range that outgoing connections take theirs from. */
export declare function freePorts(count: number): Promise<number[]>;
