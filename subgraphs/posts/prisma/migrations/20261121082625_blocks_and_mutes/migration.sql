-- CreateTable
CREATE TABLE "block_edge" (
    "blocker_id" TEXT NOT NULL,
    "blocked_id" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "block_edge_pkey" PRIMARY KEY ("blocker_id","blocked_id")
);

-- CreateTable
CREATE TABLE "mute_edge" (
    "muter_id" TEXT NOT NULL,
    "muted_id" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL,
    "version" BIGINT NOT NULL,

    CONSTRAINT "mute_edge_pkey" PRIMARY KEY ("muter_id","muted_id")
);
