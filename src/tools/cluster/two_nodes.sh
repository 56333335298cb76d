#!/bin/bash
# A test by hand: a Slurm cluster of two nodes on this machine runs a small study on the gestures;
# one node is killed in the middle of a unit, which Slurm gives to the other; the report must be the
# same, bit by bit, as that of a run without Slurm.
#
# usage, as root, from the project's folder: src/tools/cluster/two_nodes.sh FOLDER > two_nodes.log
# (Debian: slurmctld slurmd slurm-client munge)
set -euo pipefail

folder=$(realpath -m "${1:?usage: two_nodes.sh FOLDER, for all it makes}")
cluster="$folder/slurm"
task="npx --yes deno@2.9.6 task study --dataset gestures --profile smoke --seeds 1 --splits own"
task="$task --trainings ce,bce-na,bcena,entropic --threads 1 --cache $folder/cache"
mkdir -p "$cluster"/{state,n1,n2}
export SLURM_CONF="$cluster/slurm.conf" STUDY_CLUSTER="$folder"

# What it prints is the same wherever the folder is.
exec > >(sed "s#$folder#FOLDER#g") 2>&1

say() { echo "$(date +%T) $*"; }

start_node() { slurmd -N "$1" -f "$SLURM_CONF"; }

# All processes of a unit that runs on a node of this cluster, and the one that watches over them.
processes_on() {
  for environment in /proc/[0-9]*/environ; do
    variables=$({ tr '\0' '\n' < "$environment"; } 2> /dev/null) || continue
    if grep -qx "SLURMD_NODENAME=$1" <<< "$variables" &&
      grep -qx "STUDY_CLUSTER=$folder" <<< "$variables"; then
      pid=${environment//[^0-9]/}
      echo "$pid"
      ps -o ppid= -p "$pid" | while read -r parent; do
        [ "$(ps -o comm= -p "$parent")" != slurmstepd ] || echo "$parent"
      done
    fi
  done | sort -u
}

stop_all() {
  for pid in "$cluster"/*.pid; do [ ! -f "$pid" ] || kill "$(cat "$pid")" 2> /dev/null || true; done
}
trap stop_all EXIT

say "without Slurm"
$task --out "$folder/without" > "$folder/without.log" 2>&1

say "a cluster of two nodes"
[ -f "$cluster/munge.key" ] || (umask 077; head -c 1024 /dev/urandom > "$cluster/munge.key")
munged --force --key-file="$cluster/munge.key" --socket="$cluster/munge.socket" \
  --pid-file="$cluster/munged.pid" --log-file="$cluster/munged.log" --seed-file="$cluster/munge.seed"
cat > "$SLURM_CONF" << EOF
ClusterName=study
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=16817
AuthInfo=socket=$cluster/munge.socket
SlurmUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=5
JobRequeue=1
JobCompType=jobcomp/filetxt
JobCompLoc=$cluster/jobs.txt
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/%n
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd-%n.pid
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/slurmd-%n.log
NodeName=n1 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=16821 CPUs=1
NodeName=n2 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=16822 CPUs=1
PartitionName=study Nodes=n1,n2 Default=YES State=UP
EOF
slurmctld -f "$SLURM_CONF"
start_node n1
start_node n2
for _ in $(seq 30); do
  [ "$(sinfo --noheader --states=idle --format=%D 2> /dev/null)" != 2 ] || break
  sleep 1
done
sinfo

say "the units, as an array of jobs"
$task --out "$folder/with" --list > "$folder/units.txt" 2> /dev/null
cat "$folder/units.txt"
job=$(sbatch --parsable --array="1-$(wc -l < "$folder/units.txt")" \
  --output="$folder/unit-%a.log" src/tools/cluster/study_array.sh "$folder/units.txt")
until [ "$(squeue --noheader --states=running --format=%N | sort | xargs)" = "n1 n2" ]; do sleep 1; done
# Until the one on n2 trains.
until grep -q "training on" "$folder/unit-$(squeue --noheader --nodelist=n2 --format=%K).log"; do
  sleep 1
done
squeue --array --format="%.12i %.10T %.6N %.10M"

say "node n2 is killed"
kill -KILL "$(cat "$cluster/slurmd-n2.pid")" $(processes_on n2)
until sinfo --noheader --nodes=n2 --format=%T | grep -q down; do sleep 1; done
sinfo --Node
squeue --array --format="%.12i %.10T %.6N %.10M"
say "node n2 is back"
start_node n2
while squeue --noheader | grep -q .; do sleep 2; done

say "which unit ran where, and how often"
grep -h "^node" "$folder"/unit-*.log
say "the jobs that ended"
sed -E 's/ (UserId|GroupId|TimeLimit|WorkDir|ReservationName|Tres|Account|QOS|WcKey|Cluster|SubmitTime|EligibleTime|DerivedExitCode)=[^ ]*//g' "$cluster/jobs.txt"

say "both reports"
for run in without with; do
  npx --yes deno@2.9.6 task report "$folder/$run" > /dev/null 2>&1
done
for file in results.json report.md report.html; do
  cmp "$folder/without/$file" "$folder/with/$file" && echo "$file: equal"
done
(cd "$folder/without" && find units -name pictures.csv.gz | sort) | while read -r file; do
  cmp "$folder/without/$file" "$folder/with/$file" && echo "$file: equal"
done
