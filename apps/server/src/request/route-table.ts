interface Route {
  readonly pattern: RegExp;
  readonly methods: Set<string>;
}

/** Which methods each path has, so that a known path with another method is answered 405 and not 404. */
export class RouteTable {
  private readonly routes = new Map<string, Route>();

  /** `url` in the router's syntax: `:name` is a parameter, `*` the rest. */
  add(url: string, methods: ReadonlyArray<string>): void {
    const known = this.routes.get(url);
    if (known) {
      for (const method of methods) known.methods.add(method);
      return;
    }
    const source = url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:[A-Za-z]+/g, '[^/]+')
      .replace(/\*/g, '.*');
    this.routes.set(url, { pattern: new RegExp(`^${source}$`), methods: new Set(methods) });
  }

  methodsOf(path: string): ReadonlyArray<string> {
    const methods = new Set<string>();
    for (const { pattern, methods: own } of this.routes.values())
      if (pattern.test(path)) for (const method of own) methods.add(method);
    return [...methods].sort();
  }
}
