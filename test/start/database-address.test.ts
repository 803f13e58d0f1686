import { expect, test } from "vitest";
import { readConfig } from "../../src/config.js";

const taken = (DATABASE_URL: string) => readConfig({ DATABASE_URL }).database;

test("the words of TLS that mean verify-full to the driver are given to it as that, and unknown ones are a fault", () => {
  const address = (mode: string, more = "") => `postgres://u:p@db.example.com/vconnct?${more}sslmode=${mode}&x=1`;
  for (const mode of ["allow", "prefer", "require", "verify-ca", "verify-full"])
    expect(taken(address(mode))).toEqual({ server: address("verify-full") });
  const asTheyAre = ["disable", "no-verify"].map((mode) => address(mode));
  asTheyAre.push(address("require", "uselibpqcompat=true&"), "postgres://u:sslmode=require@h/vconnct");
  for (const same of asTheyAre) expect(taken(same)).toEqual({ server: same });
  const fault = "DATABASE_URL: must have no sslmode but verify-full, no-verify or disable";
  for (const mode of ["verify_full", "on", ""]) expect(() => taken(address(mode))).toThrow(fault);
});

test("of several hosts in the database's address it is said that one is taken", () => {
  for (const hosts of ["one:5432,two:5432", "one,two", "u:p@one,two"])
    expect(() => taken(`postgres://${hosts}/vconnct?sslmode=disable`)).toThrow("DATABASE_URL: must name one host");
});
