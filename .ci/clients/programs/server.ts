function need(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these programs with ./run`);
  return value;
}

export const url = need("GRAPHQL_URL");
export const headers = { license: need("LICENSE_KEY"), "accept-language": "en" };
