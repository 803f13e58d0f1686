CREATE TABLE `engines` (
	`name` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`options` text NOT NULL,
	`sealed_secrets` text,
	`weight` integer NOT NULL,
	`draining_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
