#!/bin/sh
# Pin everything with hashes; torch and what only its CUDA build needs stay out (requirements-torch.txt).
set -eu
command -v uv >/dev/null || { echo "uv is missing: pip install uv" >&2; exit 1; }
override=$(mktemp)
grep '^torch' requirements-torch.txt >"$override"
skip=""
for package in torch setuptools triton cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas nvidia-cuda-cccl \
    nvidia-cuda-cupti nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft nvidia-cufile nvidia-curand \
    nvidia-cusolver nvidia-cusparse nvidia-cusparselt-cu13 nvidia-nccl-cu13 nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx; do
    skip="$skip --no-emit-package $package"
done
for name in requirements requirements-dev; do
    # shellcheck disable=SC2086 - a list of options
    uv pip compile --quiet --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
        --override "$override" $skip -o "$name.txt" "$name.in"
done
rm -f "$override"
