ALTER TABLE "instances" ADD COLUMN "address" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "home_id" text COLLATE "C";