/** What servers and commands of this machine agree on when nobody says otherwise. */

export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 8787;

/** Folder of a server's state, in the current folder. */
export const DEFAULT_STORAGE = ".corkboard";

export const DEFAULT_URL = `http://${DEFAULT_HOST}:${DEFAULT_PORT}`;
