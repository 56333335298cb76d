#!/bin/sh
# One unit of the study for each task of a Slurm job array; see README.md beside this file.
#
#SBATCH --job-name=study
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=study-%a.log
set -eu

units=${1:?usage: sbatch --array=1-N study_array.sh UNITS, a file with the command of a unit a line}
unit=$(sed -n "${SLURM_ARRAY_TASK_ID}p" "$units")
if [ -z "$unit" ]; then
  echo "$units: no line ${SLURM_ARRAY_TASK_ID}" >&2
  exit 1
fi
echo "node ${SLURMD_NODENAME:-$(hostname)}, restart ${SLURM_RESTART_COUNT:-0}: $unit"
# The unit takes the shell's place, so that the SIGTERM of a requeue reaches it.
exec sh -c "exec $unit"
