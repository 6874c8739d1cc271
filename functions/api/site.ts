/** Static files of the API reference: what the build copies into the site, and from where. */

export interface SiteFile {
  /** Path from the repository's root. */
  readonly from: string;
  /** Path in the site. */
  readonly to: string;
}

export const SITE_FILES: readonly SiteFile[] = [
  { from: "functions/api/docs/docs.html", to: "docs.html" },
  { from: "functions/api/docs/docs.css", to: "assets/docs.css" },
  {
    from: "node_modules/openapi-explorer/dist/browser/openapi-explorer.min.js",
    to: "assets/openapi-explorer.min.js",
  },
];
