// The cloud.
